// What can be seen of one page as it stands in a browser: faults by the number of the
// criterion of WCAG. Runs inside the page, so it uses nothing from outside.
export function inspect() {
  const faults = {};
  const fault = (criterion, text) => (faults[criterion] ??= []).push(text);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const words = (s) => (s ?? "").replace(/\u00ad/g, "").replace(/\s+/g, " ").trim().toLowerCase();
  const shown = (e) => e.checkVisibility({ visibilityProperty: true });
  const says = (e) => (e.outerHTML.length > 90 ? e.outerHTML.slice(0, 90) + "…" : e.outerHTML);

  for (const e of all("img")) if (!e.hasAttribute("alt")) fault("1.1.1", "no alt: " + says(e));
  for (const e of all("svg")) {
    const hidden = e.closest('[aria-hidden="true"]');
    if (!hidden && !(e.hasAttribute("role") && (e.hasAttribute("aria-label") || e.hasAttribute("aria-labelledby")))) fault("1.1.1", "a drawing without a name: " + says(e));
  }

  let level = 0;
  for (const h of all("h1,h2,h3,h4,h5,h6").filter(shown)) {
    const own = +h.tagName[1];
    if (h.closest("main") && own > level + 1) fault("1.3.1", `h${level} is followed by ${says(h)}`);
    if (h.closest("main")) level = own;
  }
  if (all("h1").length !== 1) fault("1.3.1", `${all("h1").length} h1`);
  for (const t of all("table")) if (!t.querySelector("th[scope]")) fault("1.3.1", "a table without headings: " + says(t));
  for (const e of all("main p")) if (/^\s*[•*–-]\s+\S/.test(e.textContent)) fault("1.3.1", "looks like a list: " + says(e));

  for (const e of all("input[type=email]:not([autocomplete]),input[type=tel]:not([autocomplete])")) fault("1.3.5", says(e));

  for (const e of all("[tabindex]")) if (+e.getAttribute("tabindex") > 0) fault("2.4.3", "tabindex above 0: " + says(e));
  for (const e of all("a:not([href]),[onclick],[role=button]:not(button)")) fault("2.1.1", "not reached by keyboard: " + says(e));
  for (const e of all("a[href],button,input:not([type=hidden]),select,textarea,summary").filter(shown)) if (e.tabIndex < 0) fault("2.1.1", "taken out of the tab order: " + says(e));

  if (document.querySelector("meta[http-equiv=refresh]")) fault("2.2.1", "the page changes by itself");
  if (!/\S – Kompetencesekretariatet$|^Kompetencesekretariatet: \S/.test(document.title)) fault("2.4.2", `the title is "${document.title}"`);

  for (const a of all("a[href]")) {
    const text = words(a.getAttribute("aria-label") ?? a.textContent);
    if (!text) fault("2.4.4", "a link without words: " + says(a));
    if (/^(læs mere|klik her|her|se mere|link|mere|read more|here|click here)$/.test(text)) fault("2.4.4", "says nothing alone: " + says(a));
  }
  for (const e of all("a[aria-label],button[aria-label],summary[aria-label]")) {
    const seen = words([...e.childNodes].filter((n) => n.nodeType === 3 || shown(n) && n.getAttribute("aria-hidden") !== "true" && n.tagName !== "svg").map((n) => n.textContent).join(" "));
    const spoken = seen.replace(/[[\]]/g, ""); // brackets are not said
    if (spoken && !words(e.getAttribute("aria-label")).includes(spoken)) fault("2.5.3", `shows "${seen}": ` + says(e));
  }

  const lang = location.pathname.startsWith("/en/") ? "en" : "da";
  if (document.documentElement.lang !== lang) fault("3.1.1", `lang is ${document.documentElement.lang}`);
  if (lang === "da") for (const e of all("a[hreflang=en]")) if (e.closest("[lang]").lang !== "en") fault("3.1.2", says(e));
  for (const e of all("[lang]")) if (!/^(da|en)$/.test(e.lang)) fault("3.1.2", says(e));

  const ids = all("[id]").map((e) => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) fault("4.1.2", "the id is used twice: " + id);
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
    for (const e of all(`[${name}]`)) for (const id of e.getAttribute(name).split(/\s+/)) if (id && !document.getElementById(id)) fault("4.1.2", `${name} names ${id}, which is not there: ` + says(e));
  }
  for (const e of all("details")) if (!e.querySelector(":scope > summary")?.textContent.trim()) fault("4.1.2", "details without a summary: " + says(e));

  for (const e of ["header", "main", "footer"]) if (all(`body > ${e}`).length !== 1) fault("landmarks", `${all(`body > ${e}`).length} ${e}`);
  const navs = all("nav,[role=search],aside").filter(shown).map((e) => e.getAttribute("aria-label") ?? document.getElementById(e.getAttribute("aria-labelledby"))?.textContent);
  for (const name of navs) if (!name) fault("landmarks", "one without a name");
  for (const name of new Set(navs.filter((n, i) => n && navs.indexOf(n) !== i))) fault("landmarks", "two are called " + name);
  const skip = document.querySelector("body > a");
  if (!skip || !document.querySelector(skip.getAttribute("href"))) fault("2.4.1", "no link past the menu");

  for (const e of all("input:not([type=hidden]),select,textarea").filter(shown)) {
    if (!e.labels?.length && !e.getAttribute("aria-label") && !e.getAttribute("aria-labelledby")) fault("3.3.2", "a field without a label: " + says(e));
  }
  const help = all('body > footer a[href^="tel:"], body > footer a[href^="mailto:"]').map((a) => a.getAttribute("href"));
  if (help.length < 2 || !help[0].startsWith("tel:")) fault("3.2.6", "the foot does not give telephone and mail, in that order");
  return faults;
}

// torn gives the words of headings that are broken over two lines without a hyphen.
export function torn() {
  const out = [], range = document.createRange();
  const line = (n, i) => { // where a letter stands; one after a soft hyphen has the hyphen's place too
    range.setStart(n, i);
    range.setEnd(n, i + 1);
    return Math.round([...range.getClientRects()].at(-1)?.top);
  };
  for (const h of document.querySelectorAll("main :is(h1, h2, h3)")) {
    if (!h.checkVisibility()) continue;
    const walk = document.createTreeWalker(h, NodeFilter.SHOW_TEXT);
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      for (const m of n.data.matchAll(/\p{L}+/gu)) if (line(n, m.index) !== line(n, m.index + m[0].length - 1)) out.push("a word torn apart: " + m[0]);
    }
  }
  return out;
}

// cut gives what is wider than the window or hidden at its own edge: words that are lost.
export function cut() {
  const out = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) out.push(`${wide} px wide in a window of ${innerWidth}`);
  for (const e of document.querySelectorAll("body *")) {
    const style = getComputedStyle(e);
    if (style.position === "absolute" && e.clientWidth <= 1) continue; // for screen readers only
    if (/hidden|clip/.test(style.overflowX + style.overflowY) && !e.closest(".vh,svg") && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) && e.clientWidth > 1 && !e.matches(".hero")) {
      out.push(`cuts its words: <${e.tagName.toLowerCase()} class="${e.className}">`);
    }
  }
  return out;
}
