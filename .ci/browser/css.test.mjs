// No dead CSS: every class the style sheet names is used by a page or put there by a script.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { crawl, startSite } from "./site.mjs";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
// What today's content has none of: a pool that is open, an event, a fault, a page taken down.
const rare = ["layouts/_partials/event.html", "layouts/_partials/events.html", "layouts/fejl.html", "layouts/gone.html"];
const states = ["status--open", "status--soon", "status--closed"];
const scripts = ["finder.js", "forslag.js", "live.js", "skema.js", "soegeside.js", "svar.js"].map((f) => "assets/" + f);
let site;

before(async () => {
  site = await startSite();
});
after(() => site?.stop());

test("every class in the style sheet is used", async () => {
  const css = (read("assets/css/site.css") + read("assets/css/tokens.css")).replace(/\/\*[^]*?\*\/|"[^"]*"/g, "");
  const selectors = css.match(/[^{};]+(?=\{)/g).join(" ");
  const named = new Set([...selectors.matchAll(/\.([a-zA-Z][\w-]*)/g)].map((m) => m[1]));
  assert.ok(named.size > 80, `only ${named.size} classes`);
  const used = new Set(states);
  const pages = await crawl(site);
  for (const html of [...pages.values(), ...rare.map(read)]) {
    for (const m of html.matchAll(/class=(?:"([^"]*)"|([^\s>]+))/g)) for (const c of (m[1] ?? m[2]).split(/\s+/)) used.add(c);
  }
  const code = scripts.map(read).join("\n");
  const dead = [...named].filter((c) => !used.has(c) && !new RegExp(`["'\`. ]${c}["'\`. ]`).test(code));
  assert.deepEqual(dead, []);
});
