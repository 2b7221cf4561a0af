// Search on a plain host: adds the integers that lie in /soeg/indeks/ (search/export.go)
// as the server does, in the same order. Rules of the language come from meta.json; the
// algorithms stand in search/dansk and search/plan.go, and a test holds them together.
// replacer writes each left word of pairs as its right, from left to right.
const replacer = (pairs) => { const to = Object.fromEntries(pairs), re = new RegExp(Object.keys(to).join("|"), "g"); return (s) => s.replace(re, (c) => to[c]); };

// Snowball's Danish stemmer: what it takes away stands after the first consonant that
// follows a vowel, and after three letters.
export function stem(w) {
  const at = w.search(/[aeiouyæøå][^aeiouyæøå]/), p = at < 0 || w.length < 3 ? w.length : Math.max(3, at + 2);
  const end = (re) => w.slice(p).match(re)?.[0], cut = (n) => { w = w.slice(0, w.length - n); };
  const pair = () => { if (end(/(gd|[dgk]t)$/)) cut(1); };
  let e = end(/((er)?endes?|ernes?|ere[nt]s?|erer|erede?|e[nr]es?|e[nrt]s?|es?|s|(et)?hed|hed(s|ens?|er))$/);
  if (e && (e != "s" || /[a-dfghj-prtvyzå]s$/.test(w))) cut(e.length);
  pair();
  if (w.endsWith("igst")) cut(2);
  e = end(/(e?lig|løst|els|ig)$/);
  if (e == "løst") cut(1);
  else if (e) { cut(e.length); pair(); }
  if (w.length > p && /([^aeiouyæøå])\1$/.test(w)) cut(1);
  return w;
}

// Optimal string alignment, or more than most.
export function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before = [], last = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j - 1] + (a[i - 1] != b[j - 1]), last[j] + 1, row[j - 1] + 1);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    before = last; last = row;
  }
  return last[b.length];
}

const utf8 = new TextEncoder(), text = new TextDecoder();

function reader(b) {
  let i = 0;
  const r = {
    more: () => i < b.length,
    byte: () => b[i++],
    string: () => text.decode(b.subarray(i + 1, (i += 1 + b[i]))),
    strings: () => Array.from({ length: r.byte() }, r.string),
    int() { let n = 0, s = 1; for (; b[i] > 127; s *= 128) n += (b[i++] & 127) * s; return n + b[i++] * s; },
    take: (n) => b.subarray(i, (i += n)),
  };
  return r;
}

// open reads an export: get(name) gives the bytes of a file, or null when there is none.
export async function open(get) {
  const meta = JSON.parse(text.decode(await get("meta.json"))), word = new RegExp(meta.words, "gu");
  const [stop, never, short] = [meta.stop, meta.never, meta.short].map((s) => new Set(s.split(" "))), exceptions = new Map();
  for (const [t, forms] of Object.entries(meta.exceptions)) for (const f of [t, ...forms.split(" ")]) exceptions.set(f, t);
  const fold = replacer(meta.folds), hear = replacer(meta.sounds), slugs = replacer(meta.slugs);
  const mend = (s, list) => list.reduce((s, [from, to]) => s.replace(new RegExp(from, "u"), to), s);
  const sound = (s) => hear(s.replace(/^h(?=[vj])/, "")).replace(/(.)\1+/gu, "$1");
  const initial = (t) => sound(t)[0].replace(/[^a-z0-9]/, "_");
  const slug = (s) => slugs(s.toLowerCase()).split(/[^a-z0-9]+/).filter(Boolean).join("-");
  const [whole, part, joined, turned, near, , prefix, coverBase, coverHit, coverName, rise, nearLimit, prefixLimit] = meta.weights;
  const cache = new Map();
  const tokens = (s) =>
    [...s.matchAll(word)].map((m) => {
      const text = m[1] ?? m[2], w = text.replace(/['’´`].*|\xad/g, "").normalize("NFC").toLowerCase();
      return { text, at: m.index, word: w.replace(/[-. ]/g, ""), parts: w.includes("-") ? w.split("-") : null };
    }).filter((t) => t.word);
  const once = (name, read) => cache.get(name) ?? cache.set(name, get(`${meta.dir}/${name}.bin`).then((b) => read(b ?? []))).get(name);

  function term(w) {
    const f = fold(w);
    for (let i = 0, e; !i || f.length - i > 4; i = i ? i + 1 : 3) if ((e = exceptions.get(f.slice(i)))) return f.slice(0, i) + e;
    return mend(fold(stem(mend(w, meta.before))), meta.after);
  }

  function shard(t) {
    let h = 2166136261;
    for (const b of utf8.encode(t)) h = Math.imul(h ^ b, 16777619) >>> 0;
    return once("p" + (h % meta.shards), (b) => {
      const m = new Map();
      for (const r = reader(b); r.more(); ) {
        const list = () => ({ n: r.int(), bytes: r.take(r.int()) });
        m.set(r.string(), { parts: r.strings(), also: r.strings(), joins: Array.from({ length: r.int() }, () => [r.string(), r.string()]), own: list(), others: list() });
      }
      return m;
    });
  }
  const entry = async (t, of = t) => (await shard(of)).get(t);

  const vocabulary = (t) => once("v" + initial(t), (b) => {
    const m = new Map();
    for (let r = reader(b), last = ""; r.more(); m.set(last, { form: last.slice(0, r.byte()) + r.string(), n: r.int() })) last = last.slice(0, r.byte()) + r.string();
    return m;
  });

  const has = async (t) => (await vocabulary(t)).get(t)?.n;

  // split cuts a word into terms that the index has.
  async function split(word) {
    const w = [...fold(word)], n = w.length, best = [{ cost: 0 }], parts = [];
    for (let i = 0; n <= 100 && i < n; i++) for (let j = i + 2; best[i] && j <= n && j - i < n; j++) {
      const p = w.slice(i, j).join(""), t = term(p);
      if (never.has(p) || (!short.has(p) && (j - i < 3 || t.length < 4)) || !(await has(t))) continue;
      for (const l of ["", "s", "e"]) {
        const k = j + l.length, cost = best[i].cost + Math.floor(1000 / (j - i)) + 160 + 35 * l.length + (j - i < 4 ? 300 : 0);
        if (l && (k >= n || w[j] != l)) continue;
        if (!best[k] || cost < best[k].cost) best[k] = { cost, i, p };
      }
    }
    for (let k = n; best[k]?.p; k = best[k].i) parts.unshift(best[k].p);
    return parts[1] ? parts : [];
  }

  const rarity = (n) => n * 10 > meta.pages * 7 ? 2 : [3, 4, 6, 8, 10].find((_, i) => i > 3 || n * 2 ** (i + 1) > meta.pages);

  // nearest gives the words a misspelt one may be, and how far off they are.
  function nearest(v, word, t) {
    const stem = [...sound(t)], written = [...sound(fold(word))];
    let most = stem.length < 8 ? 1 : 2, out = [];
    for (const [x, { form }] of v) if ([...x][2]) {
      const d = Math.min(distance(stem, [...sound(x)], most), distance(written, [...sound(fold(form))], most));
      if (d < most) { most = d; out = []; }
      if (d == most) out.push(x);
    }
    return [out.sort((a, b) => v.get(b).n - v.get(a).n).slice(0, nearLimit), most];
  }

  async function plan(q, exact) {
    const all = tokens(q), some = all.filter((t) => !stop.has(t.word)), toks = (some.length ? some : all).slice(0, 20), words = [];
    await Promise.all(toks.map((t) => entry(term(t.word)))); // one round trip
    const parts = async (w, list) => { for (const p of list) await w.add(p, part); };
    const kin = async (w, t) => parts(w, (await entry(t))?.parts ?? []);
    for (const tok of toks) {
      const t = term(tok.word), plain = fold(tok.word), e = await entry(t), terms = [], w = { tok, t, base: t, terms, others: e ? [t] : [] };
      const add = w.add = async (t, weight, stands) => {
        const list = (await entry(t))?.own;
        if (list?.n && !terms.some((o) => o.t == t)) terms.push({ t, list, weight: weight * rarity(list.n), stands });
        return list?.n;
      };
      words.push(w);
      if ((await add(t, whole)) || (await add(plain, whole))) { await kin(w, t); continue; }
      const guess = !e && !exact && !stop.has(tok.word) && [...tok.word][3] && tok.text != tok.text.toUpperCase();
      const v = guess && (await vocabulary(t)), [out, most] = guess ? nearest(v, tok.word, t) : [[], 1];
      if (most || !out[0]) {
        const list = (tok.parts ?? (await split(tok.word))).filter((p) => [...p][1]).map(term);
        if (!guess || !tok.parts || (await Promise.all(list.map(has))).every(Boolean)) await parts(w, list);
      }
      if (terms[0] || !guess) continue;
      for (const x of out) { await add(x, near, out[1]); w.others.push(x); }
      if (out[0]) { w.base = out[0]; w.read = v.get(out[0]).form; if (!most) await kin(w, out[0]); continue; }
      for (const x of v.keys()) if (x.startsWith(t) && terms.length < prefixLimit) await add(x, prefix, 1);
    }
    for (const w of words) w.tenths = rarity(Math.min(...w.terms.map((o) => o.list.n)));
    const join = async (w, first, next, weight, made = []) => {
      for (const [n, j] of (await entry(first))?.joins ?? []) if (n == next && (await w.add(j, weight))) made.push(j) && w.others.push(j);
    };
    let following = []; // the next word, and what it makes with the one after
    for (const w of [...words].reverse()) {
      const made = [w.base], before = all[all.findIndex((t) => t.at == w.tok.at) - 1]?.word;
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

  // columns reads a list: page, impact, and the sections with the page's name as lowest bit.
  function columns({ n, bytes }, each) {
    const r = reader(bytes), column = () => Array.from({ length: n }, r.int);
    let d = 0;
    const docs = column().map((k) => (d += k)), impacts = column();
    for (const [k, d] of docs.entries()) each(d, impacts[k], r.int());
  }

  // search gives the pages found, best first; with narrow, or narrowed already, also what
  // they may be narrowed to.
  async function search(q, { exact, narrow, from = 0, size = 10, ...wanted } = {}) {
    narrow ||= Object.values(wanted).some(Boolean);
    q = [...q.trim()].slice(0, 200).join("");
    const words = await plan(q, exact), all = words.reduce((s, w) => s + w.tenths, 0), pages = new Map(), key = [...new Set(words.map((w) => w.t).sort())].join(" ");
    const page = (d) => pages.get(d) ?? pages.set(d, { d, sum: 0, found: 0, own: 0, other: 0, at: 0, name: 0, named: 0, rise, votes: Array(32).fill(0) }).get(d);
    const bet = await entry("=" + key, key.split(" ")[0]), best = bet && reader(bet.own.bytes).int();
    if (bet) page(best);
    const vote = (p, points, m) => { for (let i = 0; m; m = Math.floor(m / 2), i++) if (m % 2) p.votes[i] += points; };
    const close = (p) => { p.sum += Math.max(p.own, p.other); p.named += p.name; vote(p, p.other, p.at); p.own = p.other = p.at = p.name = 0; };
    for (const w of words) for (const { list, weight, stands } of w.terms) columns(list, (d, impact, m) => {
      const p = page(d), points = weight * impact, at = Math.floor(m / 2);
      if (p.word != w) { close(p); p.word = w; p.found += w.tenths; }
      if (!stands) { p.own += points; vote(p, points, at); if (m % 2) p.name = w.tenths; }
      else if (points > p.other) { p.other = points; p.at = at; }
    });
    const named = words[0] && (await entry("~" + words.map((w) => w.base).join(" "), words[0].base));
    if (named) columns(named.own, (d, own) => { page(d).rise = own; });
    const info = narrow && (await once("s", (b) => b)), facets = narrow ? { slags: {}, maalgruppe: {}, sektor: {} } : {};
    const fits = (p, but) => Object.keys(facets).every((o) => o == but || !wanted[o] || p[o].includes(wanted[o]));
    for (const p of pages.values()) {
      close(p);
      p.score = p.sum * (coverBase * all + coverHit * p.found + coverName * p.named) * p.rise + (p.d == best ? 2 ** 40 : 0);
      if (!narrow) continue;
      p.slags = [meta.kinds[info[3 * p.d]]];
      p.maalgruppe = meta.audiences.filter((_, i) => (info[3 * p.d + 1] >> i) & 1);
      p.sektor = [meta.sectors[info[3 * p.d + 2]]].filter(Boolean);
      for (const f in facets) if (fits(p, f)) for (const v of p[f]) facets[f][v] = (facets[f][v] ?? 0) + 1;
    }
    const order = [...pages.values()].filter((p) => fits(p)).sort((a, b) => b.score - a.score || a.d - b.d);
    const hits = await Promise.all(order.slice(from, from + size).map(async (p) => {
      const block = await once("k" + Math.floor(p.d / meta.block), (b) => JSON.parse(text.decode(b)));
      const [url, title, description, kind, sector, all] = block[p.d % meta.block];
      const top = p.votes.map((v, i) => [v, i]).filter(([v, i]) => v && i < all.length).sort((a, b) => b[0] - a[0]);
      const sections = top.slice(0, 3).filter(([v]) => 2 * v >= top[0][0]).map(([, i]) => (typeof all[i] == "string" ? [slug(all[i]), all[i]] : all[i])).filter(([id]) => id);
      return { url, title, text: description, sections, slags: meta.kinds[kind], sektor: meta.sectors[sector], best: p.d == best };
    }));
    let at = 0, read = "";
    for (const w of words) if (w.read) { read += q.slice(at, w.tok.at) + w.read; at = w.tok.at + w.tok.text.length; }
    const found = new Set(words.flatMap((w) => w.terms.flatMap((o) => o.t)));
    return { query: q, corrected: read && read + q.slice(at), total: order.length, hits, facets, tokens, marked: (w) => found.has(term(w)) || found.has(fold(w)) };
  }
  return { search, tokens, term, sound };
}
