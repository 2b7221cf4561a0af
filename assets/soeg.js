// Search on a plain host: adds the integers that lie in /soeg/indeks/ (search/export.go)
// as the server does, in the same order. Rules of the language come from meta.json; the
// algorithms stand in search/dansk and search/plan.go, and a test holds them together.
// replacer writes each left word of pairs as its right, from left to right.
const replacer = (pairs) => { const to = Object.fromEntries(pairs), re = new RegExp(Object.keys(to).join("|"), "g"); return (s) => s.replace(re, (c) => to[c]); };

// Snowball's Danish stemmer: what it takes away stands after the first consonant that
// follows a vowel, and after three letters.
export function stem(w) {
  const at = w.search(/[aeiouyæøå][^aeiouyæøå]/), p = at < 0 ? w.length : Math.max(3, at + 2);
  const drop = (re) => { const n = w.length; w = w.slice(0, p) + w.slice(p).replace(re, ""); return w.length < n; };
  const pair = () => drop(/(?<=g)d$|(?<=[dgk])t$/);
  drop(/((er)?endes?|hed(en)?s?|heder|ethed|er(ede?|e[nt]?s?|er|nes?|s)?|e(ne?s?|ts?|s)?)$/) || (/[a-dfghj-prtvyzå]s$/.test(w) && drop(/s$/));
  pair();
  w = w.replace(/(?<=ig)st$/, "");
  drop(/(?<=løs)t$/) || (drop(/(e?lig|els|ig)$/) && pair());
  return w.length > p ? w.replace(/([^aeiouyæøå])\1$/, "$1") : w;
}

// Optimal string alignment.
export function distance(a, b) {
  let before = [], last = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j - 1] + (a[i - 1] != b[j - 1]), last[j] + 1, row[j - 1] + 1);
      if (a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    before = last; last = row;
  }
  return last[b.length];
}

const text = new TextDecoder(), json = (b) => JSON.parse(text.decode(b));

// replaced gives a text in pieces, with those of its tokens replaced that make gives anything for.
function replaced(s, tokens, make) {
  const out = [];
  let at = 0;
  for (const t of tokens) {
    const to = make(t);
    if (to) { out.push(s.slice(at, t.at), to); at = t.at + t.text.length; }
  }
  return [...out, s.slice(at)];
}

// entries reads a file of terms: numbers are seven bits a byte, the highest first.
function entries(b) {
  let i = 0;
  const m = new Map();
  const int = () => { let n = 0; while (b[i] > 127) n = (n + b[i++] - 128) * 128; return n + b[i++]; };
  const string = () => { const n = int(); return text.decode(b.subarray(i, (i += n))); };
  const array = (read, n = int()) => Array.from({ length: n }, read);
  const list = () => {
    let d = 0;
    const where = int(), places = array(() => (d += int())), impacts = array(int, places.length);
    return places.map((d, k) => { const m = int(); return { d, impact: impacts[k], name: m % 2, at: -where || Math.floor(m / 2) }; });
  };
  while (i < b.length) m.set(string(), { parts: array(string), also: array(string), joins: array(() => [string(), string()]), own: list(), others: list() });
  return m;
}

// open reads an export: get(name) gives the bytes of a file, none when there is none.
export async function open(get) {
  const meta = json(await get("meta.json")), word = new RegExp(meta.words, "gu");
  const set = (s) => new Set(s.split(" "));
  const stop = set(meta.stop), never = set(meta.never), short = set(meta.short), exceptions = new Map();
  for (const [t, forms] of Object.entries(meta.exceptions)) for (const f of [t, ...forms.split(" ")]) exceptions.set(f, t);
  const fold = replacer(meta.folds), hear = replacer(meta.sounds), slugs = replacer(meta.slugs);
  const mend = (s, list) => list.reduce((s, [from, to]) => s.replace(new RegExp(from, "u"), to), s);
  const sound = (s) => hear(s.replace(/^h(?=[vj])/, "")).replace(/(.)\1+/gu, "$1");
  const slug = (s) => slugs(s.toLowerCase()).match(/[a-z0-9]+/g)?.join("-");
  const [whole, part, joined, turned, near, , prefix, coverBase, coverHit, coverName, rise, nearLimit, prefixLimit] = meta.weights;
  const cache = {};
  const tokens = (s) =>
    [...s.matchAll(word)].map((m) => {
      const text = m[1] ?? m[2], w = text.replace(/['’´`].*|\xad/g, "").normalize("NFC").toLowerCase();
      return { text, at: m.index, word: w.replace(/[-. ]/g, ""), parts: w.includes("-") ? w.split("-") : null };
    }).filter((t) => t.word);
  const once = (name, read) => (cache[name] ??= get(`${meta.dir}/${name}.bin`).then(read));

  function term(w) {
    const f = fold(w);
    for (let i = 0, e; !i || f.length - i > 4; i = i ? i + 1 : 3) if ((e = exceptions.get(f.slice(i)))) return f.slice(0, i) + e;
    return mend(fold(stem(mend(w, meta.before))), meta.after);
  }

  // entry gives what is known of a term; it lies in the file that by says.
  async function entry(t, by = t) {
    let h = 0;
    for (const c of by) h = Math.imul(h ^ c.codePointAt(), 16777619);
    return (await once("p" + ((h >>> 0) % meta.shards), entries)).get(t);
  }

  const vocabulary = (t) => once("v" + sound(t)[0].replace(/[^a-z0-9]/, "_"), (b) => new Map([...text.decode(b).matchAll(/(\S+) (\S*) (\d+)/g)].map(([, t, form, n]) => [t, { form, n: +n }])));

  const has = async (t) => (await vocabulary(t)).get(t)?.n;

  // split cuts a word into terms that the index has.
  async function split(word) {
    const w = [...fold(word)], n = w.length, best = [{ cost: 0, parts: [] }];
    for (let i = 0; n <= 100 && i < n; i++) for (let j = i + 2; best[i] && j <= n && j - i < n; j++) {
      const p = w.slice(i, j).join(""), t = term(p);
      if (never.has(p) || (!short.has(p) && (j - i < 3 || t.length < 4)) || !(await has(t))) continue;
      for (const l of ["", "s", "e"]) {
        const k = j + l.length, cost = best[i].cost + Math.floor(1000 / (j - i)) + 160 + 35 * l.length + (j - i < 4 ? 300 : 0);
        if ((!l || (k < n && w[j] == l)) && !(cost >= best[k]?.cost)) best[k] = { cost, parts: [...best[i].parts, p] };
      }
    }
    return best[n]?.parts ?? [];
  }

  const rarity = (n) => 10 * n > 7 * meta.pages ? 2 : [3, 4, 6, 8].find((_, i) => (2 * n) << i > meta.pages) ?? 10;

  // nearest gives the words a misspelt one may be, and how far off they are.
  function nearest(v, word, t) {
    const stem = [...sound(t)], written = [...sound(fold(word))];
    let most = stem.length < 8 ? 1 : 2, out = [];
    for (const [x, { form }] of v) if ([...x][2]) {
      const d = Math.min(distance(stem, [...sound(x)]), distance(written, [...sound(fold(form))]));
      if (d < most) { most = d; out = []; }
      if (d == most) out.push(x);
    }
    return [out.sort((a, b) => v.get(b).n - v.get(a).n).slice(0, nearLimit), most];
  }

  async function plan(q, exact) {
    const all = tokens(q), some = all.filter((t) => !stop.has(t.word)), toks = (some.length ? some : all).slice(0, 20), words = [];
    await Promise.all(toks.map((t) => entry(term(t.word)))); // one round trip
    for (const tok of toks) {
      const t = term(tok.word), plain = fold(tok.word), e = await entry(t), terms = [], w = { tok, t, base: t, terms, others: e ? [t] : [] };
      const add = w.add = async (t, weight, stands) => {
        const list = (await entry(t))?.own ?? [];
        if (list[0] && !terms.some((o) => o.t == t)) terms.push({ t, list, weight: weight * rarity(list.length), stands });
        return list[0];
      };
      const parts = (list = []) => Promise.all(list.map((p) => add(p, part))); // one round trip
      words.push(w);
      if ((await add(t, whole)) || (await add(plain, whole))) { await parts(e?.parts); continue; }
      const guess = !e && !exact && !stop.has(tok.word) && [...tok.word][3] && tok.text != tok.text.toUpperCase();
      const v = guess && (await vocabulary(t)), [out, most] = guess ? nearest(v, tok.word, t) : [[], 1];
      if (most || !out[0]) {
        const list = (tok.parts ?? (await split(tok.word))).filter((p) => [...p][1]).map(term);
        if (!guess || !tok.parts || (await Promise.all(list.map(has))).every(Boolean)) await parts(list);
      }
      if (terms[0] || !guess) continue;
      for (const x of out) { await add(x, near, out[1]); w.others.push(x); }
      if (out[0]) { w.base = out[0]; tok.read = v.get(out[0]).form; if (!most) await parts((await entry(out[0]))?.parts); continue; }
      const [, end] = t.match(meta.ends) ?? [];
      if (end && (await has(end))) { await parts([end]); tok.read = (await vocabulary(end)).get(end).form; continue; }
      for (const x of v.keys()) if (x.startsWith(t) && terms.length < prefixLimit) await add(x, prefix, 1);
    }
    for (const w of words) w.tenths = rarity(Math.min(...w.terms.map((o) => o.list.length)));
    const join = async (w, first, next, weight, made = []) => {
      for (const [n, j] of (await entry(first))?.joins ?? []) if (n == next && (await w.add(j, weight))) made.push(j) && w.others.push(j);
    };
    let following = []; // the next word, and what it makes with the one after
    for (const w of [...words].reverse()) {
      const made = [w.base], before = all[all.indexOf(w.tok) - 1]?.word;
      for (const next of following) { await join(w, w.base, next, joined, made); await join(w, next, w.base, turned); }
      if (stop.has(before)) await join(w, w.base, "<" + fold(before), joined);
      following = made;
    }
    for (const w of words) for (const o of w.others) {
      const e = await entry(o);
      if (e) w.terms.push({ t: e.also, list: e.others, weight: 1, stands: 1 });
    }
    return words;
  }

  // search gives the pages found, best first; with narrow, or narrowed already, also what
  // they may be narrowed to.
  async function search(q, { exact, narrow, from = 0, size = 10, ...wanted } = {}) {
    narrow ||= Object.values(wanted).some(Boolean);
    q = [...q.trim()].slice(0, 200).join("");
    const words = await plan(q, exact), all = words.reduce((s, w) => s + w.tenths, 0), pages = {}, key = [...new Set(words.map((w) => w.t).sort())].join(" ");
    const page = (d) => (pages[d] ??= { d, sum: 0, found: 0, named: 0, rise, votes: [] });
    const best = (await entry("=" + key, key.split(" ")[0]))?.own[0].d;
    if (best >= 0) page(best);
    for (const w of words) {
      const got = {}; // what the word gives each page
      for (const { list, weight, stands } of w.terms) for (const { d, impact, name, at } of list) {
        const g = (got[d] ??= { p: page(d), own: 0, other: 0, name: 0 }), points = weight * impact;
        if (!stands) { g.own += points; g.name ||= name; g.p.votes.push([points, at]); }
        else if (points > g.other) { g.other = points; g.at = at; }
      }
      for (const { p, own, other, name, at } of Object.values(got)) { p.found += w.tenths; p.sum += Math.max(own, other); p.named += name * w.tenths; p.votes.push([other, at]); }
    }
    const named = words[0] && (await entry("~" + words.map((w) => w.base).join(" "), words[0].base));
    if (named) for (const { d, impact } of named.own) page(d).rise = impact;
    const labels = narrow && (await once("s", json)), facets = { slags: {}, maalgruppe: {}, sektor: {} };
    const fits = (p, but) => Object.entries(wanted).every(([f, v]) => f == but || !v || labels[p.d][f].includes(v));
    for (const p of Object.values(pages)) {
      p.score = p.sum * (coverBase * all + coverHit * p.found + coverName * p.named) * p.rise + (p.d == best) * 2 ** 40;
      if (narrow) for (const f in facets) if (fits(p, f)) for (const v of labels[p.d][f]) facets[f][v] = (facets[f][v] ?? 0) + 1;
    }
    const order = Object.values(pages).filter((p) => fits(p)).sort((a, b) => b.score - a.score); // equals stay by place
    const hits = await Promise.all(order.slice(from, from + size).map(async (p) => {
      const block = await once("k" + Math.floor(p.d / meta.block), json), [url, title, text, slags, sektor, all, masks] = block[p.d % meta.block], votes = Array(32).fill(0);
      for (const [points, at] of p.votes) for (let m = at < 0 ? masks[~at] : at, i = 0; m; m >>>= 1, i++) votes[i] += (m & 1) * points;
      const top = all.map((s, i) => [votes[i], ...s]).filter(([v]) => v).sort((a, b) => b[0] - a[0]);
      const sections = top.filter(([v], i) => i < 3 && 2 * v >= top[0][0]).map(([, heading, id = slug(heading)]) => [id, heading]).filter(([id]) => id);
      return { url, title, text, sections, slags, sektor, best: p.d == best };
    }));
    const corrected = words.some((w) => w.tok.read) ? replaced(q, words.map((w) => w.tok), (t) => t.read).join("") : "";
    const found = new Set(words.flatMap((w) => w.terms.flatMap((o) => o.t)));
    const marked = (s, mark) => replaced(s, tokens(s), (t) => (found.has(term(t.word)) || found.has(fold(t.word))) && mark(t.text));
    return { query: q, corrected, total: order.length, hits, facets, marked };
  }
  return { search, tokens, term, sound };
}
