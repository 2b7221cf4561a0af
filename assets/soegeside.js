// The search page on a plain host: writes what the server writes (layouts/soeg.html).
import { open } from "./soeg.js";

const root = document.querySelector("[data-soeg]"), wanted = new URLSearchParams(location.search), q = (wanted.get("q") ?? "").trim();
const names = JSON.parse(root.dataset.navne), name = (id) => names[id] ?? id;

const bytes = async (r) => new Uint8Array(await r.arrayBuffer());

async function get(file) {
  const r = await fetch(root.dataset.soeg + file), b = await (r.ok ? r : new Response()).blob();
  return bytes(new Response(b.stream().pipeThrough(new DecompressionStream("gzip")))).catch(() => bytes(b)); // the host may have unpacked it
}

// el makes an element of texts, elements and lists of them; what is nothing is left out.
function el(tag, cls, ...inside) {
  const e = document.createElement(tag);
  if (cls) e.className = cls;
  e.append(...inside.flat().filter(Boolean));
  return e;
}
const link = (href, ...inside) => Object.assign(el("a", "", ...inside), { href });
const to = (change) => { const p = new URLSearchParams(wanted); for (const k in change) change[k] ? p.set(k, change[k]) : p.delete(k); return "?" + p; };

// marked gives a text with the words that were found marked.
const marked = (text, r) => r.marked(text, (word) => el("mark", "", word));

function hit(h, r) {
  const url = root.dataset.rod + h.url;
  return el("li", "",
    h.best && el("p", "best", "Redaktionens bedste bud"),
    el("div", "meta", el("span", "tag tag--line", name(h.slags)), h.sektor && r.hits.some((o) => o.sektor && o.sektor != h.sektor) && el("span", "tag", name(h.sektor))),
    el("h3", "", link(url, marked(h.title, r))),
    el("p", "", marked(h.text, r)),
    h.sections[0] && el("ul", "hits", h.sections.map(([id, heading]) => el("li", "", link(`${url}#${id}`, marked(heading, r))))));
}

// facets are counted when someone opens them: they need two files more.
function facets(engine, options) {
  const box = el("details", "facets", el("summary", "", "Afgræns resultaterne"));
  box.addEventListener("toggle", async () => {
    const { choices } = await import(root.dataset.afgraens);
    box.append(...choices((await engine.search(q, { ...options, narrow: true, size: 0 })).facets, options, { el, link, to, name }));
  }, { once: true });
  return box;
}

async function show() {
  const size = 6, from = Math.max(0, +wanted.get("fra") || 0), engine = await open(get);
  const options = { exact: wanted.get("som") == "skrevet", from, size };
  for (const k of ["slags", "maalgruppe", "sektor"]) options[k] = wanted.get(k);
  const r = await engine.search(q, options), box = root.querySelector("[data-svar]"), shown = r.corrected || r.query;
  root.querySelector("h1").textContent = `${r.total || "Ingen"} side${r.total == 1 ? "" : "r"} med »${shown}«`;
  document.title = `${r.query} – ${document.title}`;
  if (r.corrected) box.append(el("p", "corrected", el("span", "", "Viser resultater for ", el("strong", "", r.corrected), ". Søg i stedet efter ", link(to({ som: "skrevet", fra: "" }), r.query), ".")));
  if (!r.hits.length) return box.append(el("p", "", "Prøv et andet eller et kortere ord, eller se listerne."));
  root.querySelector("[data-uden]").hidden = true;
  box.append(facets(engine, options), el("h2", "vh", "Resultater"), el("ol", "results", r.hits.map((h) => hit(h, r))));
  const pager = el("nav", "pager",
    from && link(to({ fra: Math.max(0, from - size) }), "Forrige side"),
    el("span", "", `Viser ${from + 1}–${from + r.hits.length} af ${r.total}`),
    from + size < r.total && link(to({ fra: from + size }), "Næste side"));
  pager.ariaLabel = "Flere resultater";
  if (r.total > size) box.append(pager);
}

if (q) {
  root.querySelector("#s").value = q;
  show().catch(() => root.querySelector("h1").textContent = "Søgningen svarer ikke lige nu");
}
