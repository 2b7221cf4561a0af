// Is every page open to all? Named after the 15 criteria that the Danish supervision tries
// by program (digst.dk, forenklede monitoreringer), and those beyond them that can be tried.
// A criterion may still be broken where all this is silent: docs/tilgaengelighed.md.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";
import { cut, inspect, torn } from "./kriterier.mjs";
import { axe, crawl, each, startBrowser, startSite } from "./site.mjs";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"];
// What a change of width and colour can break; the rest of axe sees the same tree.
const narrow = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "region", "landmark-unique", "aria-hidden-focus", "duplicate-id-aria"];
let site, browser, large, pages;
const faults = {}; // by criterion
const add = (criterion, at, texts) => texts.length && (faults[criterion] ??= []).push(...texts.map((t) => `${at}: ${t}`));

// axe names a criterion as wcag143; a rule outside WCAG is good practice.
const criterion = (rule) => rule.tags.map((t) => t.match(/^wcag(\d)(\d)(\d+)$/)).find(Boolean)?.slice(1).join(".") ?? "god praksis";

// none fails with the first of the faults and how many there are.
function none(found) {
  assert.equal(found.length, 0, `${found.length} faults:\n${found.slice(0, 25).join("\n")}`);
}

async function axeOn(page, at, runOnly, way) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
  const found = await page.evaluate((runOnly) => axe.run(document, { runOnly, resultTypes: ["violations"] }).then((r) => r.violations.map((v) => ({ id: v.id, tags: v.tags, target: String(v.nodes[0].target) }))), runOnly);
  for (const v of found) add(criterion(v), at, [`${v.id} ${v.target} (${way})`]);
}

async function seen(page, at) {
  for (const [name, texts] of Object.entries(await page.evaluate(inspect))) add(name, at, texts);
  add("hjemme", at, page.troubles);
  const title = await page.title();
  const same = page.titles.get(title);
  // One question of a self-check has a page for each way to it, and search is one page.
  const kin = (a) => a.match(/^\/(selvtjek\/[^/]+|soeg)\//)?.[0] ?? a;
  if (same && kin(same) !== kin(at)) add("2.4.2", at, [`the title is also that of ${same}`]);
  page.titles.set(title, at);
}

// Text a reader has spaced out for himself, as far as WCAG 1.4.12 says it must be borne.
const spaced = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }";

// The pages of a self-check are many and of two templates: every fifth shows what a width does.
const widths = (addresses) => {
  const own = addresses.filter((at) => !at.startsWith("/selvtjek/"));
  return new Set([...own, ...addresses.filter((at) => at.startsWith("/selvtjek/")).filter((_, i) => process.env.KOMPAS_BROWSER === "all" || i % 5 === 0)]);
};

before(async () => {
  site = await startSite();
  browser = await startBrowser();
  large = await startBrowser("--blink-settings=defaultFontSize=32"); // what a visitor sets in the browser
  pages = await crawl(site);
  assert.ok(pages.size > 250, `only ${pages.size} pages`);
  const titles = new Map();
  const missing = "/findes-ikke/"; // answers 404, which a browser logs
  const narrowed = widths([...pages.keys()]);
  await each(browser, site, pages.keys(), {}, async (page, at) => {
    page.titles = titles;
    if (at === missing) page.troubles.length = 0;
    await seen(page, at);
    await page.evaluate(axe);
    await axeOn(page, at, tags, "wide");
    if (!narrowed.has(at)) return;
    await page.setViewportSize({ width: 320, height: 800 });
    await page.emulateMedia({ colorScheme: "dark" });
    await axeOn(page, at, { type: "rule", values: narrow }, "320 px, dark");
    add("1.4.10", at, [...(await page.evaluate(cut)), ...(await page.evaluate(torn))]);
    await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    }, spaced);
    add("1.4.12", at, await page.evaluate(cut));
    await page.evaluate(() => (document.adoptedStyleSheets = []));
    await page.setViewportSize({ width: 768, height: 900 }); // a table has its columns here, and little room for them
    add("1.4.10", at, await page.evaluate(cut));
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "light" });
  });
  await each(large, site, narrowed, {}, async (page, at) => add("1.4.4", at, await page.evaluate(cut)), 2);
});
after(async () => {
  await browser?.close();
  await large?.close();
  site?.stop();
});

for (const name of [
  "1.1.1 Ikke-tekstligt indhold", "1.3.1 Information og relationer", "1.3.4 Visningsretning", "1.3.5 Formål med input", "1.4.3 Kontrast",
  "1.4.4 Tekst kan forstørres til 200 %", "1.4.12 Afstand i tekst", "2.1.1 Tastatur", "2.2.1 Tid kan indstilles", "2.4.2 Sider har titler",
  "2.4.4 Formål med links", "2.5.3 Etiket i navn", "3.1.1 Sidens sprog", "3.1.2 Sprog i dele", "4.1.2 Navn, rolle, værdi",
  // Beyond the 15.
  "1.4.1 Brug af farve", "1.4.10 Ombrydning ved 320 px", "1.4.11 Kontrast i det, der ikke er tekst", "2.4.1 Spring over blokke", "2.4.3 Rækkefølge", "2.5.8 Størrelse af mål", "3.2.6 Ensartet hjælp", "3.3.2 Etiketter",
]) {
  const number = name.split(" ")[0];
  test(name, async (t) => {
    if (number === "1.3.4") {
      const css = await Promise.all([...new Set([...pages.values()].flatMap((h) => [...h.matchAll(/href="?([^"\s>]+\.css)/g)].map((m) => m[1])))].map(async (at) => (await fetch(site.base + at)).text()));
      assert.ok(css.length && css.every((c) => !/orientation\s*:|rotate\(90deg\)/.test(c)), "the style sheet turns on the orientation");
    }
    const found = faults[number] ?? [];
    delete faults[number];
    none(found);
    t.diagnostic(`${pages.size} pages`);
  });
}

test("landmarks have names of their own; nothing else is found", () => {
  none(Object.entries(faults).flatMap(([name, found]) => found.map((f) => `${name} ${f}`)));
});

test("html-validate on every page", async () => {
  // A form that is filled in and printed has nobody to be sent to.
  const unsent = (html, m) => m.ruleId === "wcag/h32" && html.includes("data-skema");
  const judge = new HtmlValidate(new FileSystemConfigLoader({
    root: true,
    extends: ["html-validate:recommended"],
    rules: {
      "long-title": "off", // a title may be a whole question
      "no-trailing-whitespace": "off", // what templates leave behind
      "prefer-native-element": "off", // roles are said again where CSS changes the display of a table
      "no-redundant-role": "off",
      "no-implicit-button-type": "off", // each is the submit that it is taken for
      "valid-id": ["error", { relaxed: true }], // a heading may begin with a digit
      "form-dup-name": ["error", { shared: ["radio", "checkbox"] }],
      "attribute-boolean-style": "off", // Hugo's minifier decides
      "attr-quotes": "off",
      "doctype-style": "off",
      "void-style": "off",
      "tel-non-breaking": "off", // the number is bound in the templates
    },
  }));
  const found = [];
  for (const [at, html] of pages) {
    const report = await judge.validateString(html);
    for (const r of report.results) for (const m of r.messages) if (!unsent(html, m)) found.push(`${at}:${m.line}: ${m.ruleId} ${m.message}`);
  }
  none(found);
});
