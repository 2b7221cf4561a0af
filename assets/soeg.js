// Search on a plain host: adds the integers that lie in /soeg/indeks/ (search/export.go)
// as the server does, in the same order. Rules of the language come from meta.json; the
// algorithms stand in search/dansk and search/plan.go, and a test holds them together.
// replacer writes each left word of pairs as its right, from left to right.
const replacer = (pairs) => { const to = Object.fromEntries(pairs), re = new RegExp(Object.keys(to).join("|"), "g"); return (s) => s.replace(re, (c) => to[c]); };

const word = /[0-9]{1,3}(?:\.[0-9]{3})+\b|[0-9]+\+|[\p{L}\p{N}\p{M}\xad]+(?:-[\p{L}\p{N}\p{M}\xad]+)*/gu;
export const tokens = (s) =>
  [...s.matchAll(word)].map((m) => {
    const w = m[0].replace(/\xad/g, "").normalize("NFC").toLowerCase();
    return { text: m[0], at: m.index, word: w.replace(/[-.]/g, ""), parts: w.includes("-") ? w.split("-") : null };
  }).filter((t) => t.word);

const vowel = "aeiouyæøå";
const endings = "erendes erende hedens ethed erede heden heder endes ernes erens erets ered ende erne eren erer heds enes eres eret hed ene ere ens ers ets en er es et e s".split(" ");
// Snowball's Danish stemmer.
export function stem(w) {
  let p = w.length;
  if (p >= 3) {
    let i = 0;
    while (i < w.length && !vowel.includes(w[i])) i++;
    while (i < w.length && vowel.includes(w[i])) i++;
    if (i < w.length) p = Math.max(3, i + 1);
  }
  const ends = (list) => list.find((e) => w.endsWith(e) && w.length - e.length >= p);
  const cut = (n) => { w = w.slice(0, w.length - n); };
  const pair = () => { if (ends(["gd", "dt", "gt", "kt"])) cut(1); };
  let e = ends(endings);
  if (e && (e != "s" || "abcdfghjklmnoprtvyzå".includes(w.at(-2) ?? " "))) cut(e.length);
  pair();
  if (w.endsWith("igst")) cut(2);
  e = ends(["elig", "løst", "lig", "els", "ig"]);
  if (e == "løst") cut(1);
  else if (e) { cut(e.length); pair(); }
  if (w.length > p && !vowel.includes(w.at(-1)) && w.at(-1) == w.at(-2)) cut(1);
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

const utf8 = new TextEncoder(), text = new TextDecoder(), links = ["", "s", "e"];

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
  const meta = JSON.parse(text.decode(await get("meta.json")));
  const set = (s) => new Set(s.split(" "));
  const stop = set(meta.stop), never = set(meta.never), short = set(meta.short), exceptions = new Map();
  for (const [t, forms] of Object.entries(meta.exceptions)) for (const f of [t, ...forms.split(" ")]) exceptions.set(f, t);
  const fold = replacer(meta.folds), hear = replacer(meta.sounds), slugs = replacer(meta.slugs);
  const sound = (s) => hear(s.replace(/^h(?=[vj])/, "")).replace(/(.)\1+/gu, "$1");
  const initial = (t) => sound(t)[0].replace(/[^a-z0-9]/, "_");
  const slug = (s) => slugs(s.toLowerCase()).split(/[^a-z0-9]+/).filter(Boolean).join("-");
  const [whole, part, joined, turned, near, , prefix, coverBase, coverHit, nearLimit, prefixLimit] = meta.weights;
  const cache = new Map();
  const once = (name, read) => cache.get(name) ?? cache.set(name, get(`${meta.dir}/${name}.bin`).then((b) => read(b ?? []))).get(name);

  function term(w) {
    const f = fold(w);
    if (exceptions.has(f)) return exceptions.get(f);
    for (let i = 3; f.length - i >= 5; i++) if (exceptions.has(f.slice(i))) return f.slice(0, i) + exceptions.get(f.slice(i));
    return fold(stem(w));
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
  const entry = async (t) => (await shard(t)).get(t);

  const vocabulary = (t) => once("v" + initial(t), (b) => {
    const m = new Map();
    for (let r = reader(b), last = ""; r.more(); m.set(last, { form: last.slice(0, r.byte()) + r.string(), n: r.int() })) last = last.slice(0, r.byte()) + r.string();
    return m;
  });

  // split cuts a word into terms that the index has.
  async function split(word) {
    const w = [...fold(word)], n = w.length, best = [{ cost: 0 }], parts = [];
    for (let i = 0; n >= 8 && n <= 100 && i < n; i++) for (let j = i + 3; best[i] && j <= n && j - i < n; j++) {
      const p = w.slice(i, j).join(""), t = term(p);
      if (never.has(p) || (t.length < 4 && !short.has(p)) || !(await vocabulary(t)).has(t)) continue;
      for (const l of links) {
        const k = j + l.length, cost = best[i].cost + Math.floor(1000 / (j - i)) + 160 + 35 * l.length + (j - i == 3 ? 300 : 0);
        if (l && (k >= n || w[j] != l)) continue;
        if (!best[k] || cost < best[k].cost) best[k] = { cost, i, p };
      }
    }
    for (let k = n; best[k]?.p; k = best[k].i) parts.unshift(best[k].p);
    return parts.length > 1 ? parts : [];
  }

  const rarity = (n) => { for (const [i, t] of [3, 4, 6, 8].entries()) if (n * 2 ** (i + 1) > meta.pages) return t; return 10; };

  async function guess(t, add) {
    const v = await vocabulary(t), s = [...sound(t)], list = [...v.keys()];
    let best = s.length >= 8 ? 2 : 1, out = [], read;
    for (const x of list) {
      const d = distance(s, [...sound(x)], best);
      if (d < best) { best = d; out = [x]; } else if (d == best) out.push(x);
    }
    out.sort((a, b) => v.get(b).n - v.get(a).n);
    for (const x of out.slice(0, nearLimit)) if (await add(x, near, 1)) read ??= v.get(x).form;
    if (!out.length) for (const x of list.filter((x) => x.startsWith(t)).slice(0, prefixLimit)) await add(x, prefix, 1);
    return read;
  }

  const significant = (q) => { const all = tokens(q), some = all.filter((t) => !stop.has(t.word)); return (some.length ? some : all).slice(0, 20); };

  async function plan(q, exact) {
    const toks = significant(q);
    await Promise.all(toks.map((t) => entry(term(t.word)))); // one round trip
    const words = [];
    for (const [i, tok] of toks.entries()) {
      const t = term(tok.word), plain = fold(tok.word), e = await entry(t), terms = [], w = { tok, terms }, next = toks[i + 1]?.word;
      const add = async (t, weight, stands) => {
        const list = (await entry(t))?.own, n = list?.n;
        if (n && !terms.some((o) => o.t == t)) terms.push({ t, list, weight: Math.floor((weight * rarity(n)) / 10), stands });
        return !!n;
      };
      let known = await add(t, whole);
      if (!known && plain != t) known = await add(plain, whole);
      const parts = known ? (e?.parts ?? []) : (tok.parts ?? (await split(tok.word))).map(term);
      await Promise.all(parts.map(shard));
      for (const p of parts) await add(p, part);
      const join = async (e, other, weight) => { for (const [n, j] of e?.joins ?? []) if (n == other) await add(j, weight); };
      if (next) {
        await join(e, term(next), joined);
        await join(await entry(term(next)), t, turned);
      }
      if (!known && !e && !parts.length && tok.text != tok.text.toUpperCase() && !exact && [...tok.word].length >= 4) w.read = await guess(t, add);
      if (e) terms.push({ list: e.others, weight: 1, stands: 1 });
      w.marks = [...terms.map((o) => o.t), ...(e?.also ?? [])];
      words.push(w);
    }
    return words;
  }

  // search gives the pages found, best first; with narrow, or narrowed already, also what
  // they may be narrowed to.
  async function search(q, { exact, narrow, from = 0, size = 10, ...wanted } = {}) {
    narrow ||= Object.values(wanted).some(Boolean);
    q = [...q.trim()].slice(0, 200).join("");
    const words = await plan(q, exact), pages = new Map(), key = [...new Set(significant(q).map((t) => term(t.word)).sort())].join(" ");
    const page = (d) => pages.get(d) ?? pages.set(d, { d, sum: 0, found: 0, own: 0, other: 0, at: 0, votes: Array(32).fill(0) }).get(d);
    const bet = key && (await shard(key.split(" ")[0])).get("=" + key), best = bet ? reader(bet.own.bytes).int() : -1;
    if (bet) page(best);
    const vote = (p, points, m) => { for (let i = 0; m; m = Math.floor(m / 2), i++) if (m % 2) p.votes[i] += points; };
    const close = (p) => { p.sum += Math.max(p.own, p.other); vote(p, p.other, p.at); p.own = p.other = p.at = 0; };
    for (const w of words) for (const { list, weight, stands } of w.terms) {
      const r = reader(list.bytes), column = () => Array.from({ length: list.n }, r.int);
      let d = 0;
      const docs = column().map((k) => (d += k)), impacts = column();
      for (const [k, d] of docs.entries()) {
        const p = page(d), points = weight * impacts[k], at = r.int();
        if (p.word != w) { close(p); p.word = w; p.found++; }
        if (!stands) { p.own += points; vote(p, points, at); }
        else if (points > p.other) { p.other = points; p.at = at; }
      }
    }
    const info = narrow && (await once("s", (b) => b)), facets = narrow ? { slags: {}, maalgruppe: {}, sektor: {} } : {};
    for (const p of pages.values()) {
      close(p);
      p.score = p.sum * (coverBase * words.length + coverHit * p.found) + (p.d == best ? 2 ** 40 : 0);
      if (!narrow) continue;
      p.slags = [meta.kinds[info[3 * p.d]]];
      p.maalgruppe = meta.audiences.filter((_, i) => (info[3 * p.d + 1] >> i) & 1);
      p.sektor = [meta.sectors[info[3 * p.d + 2]]].filter(Boolean);
      for (const f in facets) if (Object.keys(facets).every((o) => o == f || !wanted[o] || p[o].includes(wanted[o]))) for (const v of p[f]) facets[f][v] = (facets[f][v] ?? 0) + 1;
    }
    const order = [...pages.values()].filter((p) => Object.keys(facets).every((o) => !wanted[o] || p[o].includes(wanted[o]))).sort((a, b) => b.score - a.score || a.d - b.d);
    const hits = await Promise.all(order.slice(from, from + size).map(async (p) => {
      const block = await once("k" + Math.floor(p.d / meta.block), (b) => JSON.parse(text.decode(b)));
      const [url, title, description, kind, sector, all] = block[p.d % meta.block];
      const top = p.votes.map((v, i) => [v, i]).filter(([v, i]) => v && i < all.length).sort((a, b) => b[0] - a[0]);
      const sections = top.slice(0, 3).filter(([v]) => 2 * v >= top[0][0]).map(([, i]) => (typeof all[i] == "string" ? [slug(all[i]), all[i]] : all[i])).filter(([id]) => id);
      return { url, title, text: description, sections, slags: meta.kinds[kind], sektor: meta.sectors[sector], best: p.d == best };
    }));
    let at = 0, read = "";
    for (const w of words) if (w.read) { read += q.slice(at, w.tok.at) + w.read; at = w.tok.at + w.tok.text.length; }
    const found = new Set(words.flatMap((w) => w.marks));
    return { query: q, corrected: read && read + q.slice(at), total: order.length, hits, facets, marked: (w) => found.has(term(w)) || found.has(fold(w)) };
  }
  return { search, term, sound };
}
