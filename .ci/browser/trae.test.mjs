// What a screen reader is told: the accessibility tree of six page types, kept as text in
// traeer/. A change of words or roles shows as a difference to read. Written anew only by
// OPDATER=1.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { open, startBrowser, startSite, types } from "./site.mjs";

let site, browser;

before(async () => {
  site = await startSite();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  site?.stop();
});

// The front page with header and foot, which are the same on all; of the others what is in <main>.
const kept = { forside: "body", pulje: "main", spoergsmaal: "main", udfald: "main", skabelon: "main", soegning: "main" };

for (const [type, part] of Object.entries(kept)) {
  test(`the tree of ${type}`, async () => {
    const page = await open(browser, site, types[type]);
    const tree = (await page.locator(part).ariaSnapshot()).replace(/127\.0\.0\.1:\d+/g, "<vært>").replace(/^ *- group: Historik\n/m, "") + "\n"; // history is of the checkout
    const file = new URL(`traeer/${type}.txt`, import.meta.url);
    if (process.env.OPDATER) writeFileSync(file, tree);
    assert.ok(existsSync(file), "no golden tree: run with OPDATER=1 and read what it writes");
    assert.equal(tree, readFileSync(file, "utf8"));
    await page.context().close();
  });
}
