// By keyboard alone: every stop can be seen, in the order it is read, and nothing typed is lost.
import assert from "node:assert/strict";
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

// A page of each type by Tab: every stop can be seen, and comes in the order it is read.
for (const [type, at] of Object.entries(types)) {
  test(`2.4.7 Synligt fokus: ${type}`, async () => {
    for (const options of [{}, { viewport: { width: 320, height: 800 }, colorScheme: "dark" }, { forcedColors: "active" }]) {
      const page = await open(browser, site, at, { ...options, reducedMotion: "reduce" });
      const faults = [];
      let last = -1, before = { x: 0, y: 0 };
      for (let i = 0; i < 400; i++) {
        await page.keyboard.press("Tab");
        const stop = await page.evaluate(() => {
          const e = document.activeElement;
          if (!e || e === document.body) return null;
          const s = getComputedStyle(e);
          const shape = e.querySelector?.(".f") && getComputedStyle(e.querySelector(".f"));
          const ring = (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none" || (shape && parseFloat(shape.strokeWidth) >= 5);
          const box = e.getBoundingClientRect();
          return { says: e.outerHTML.slice(0, 80), ring, x: box.left, y: box.top + scrollY, inside: box.bottom > 0 && box.top < innerHeight && box.width > 0, order: [...document.querySelectorAll("*")].indexOf(e) };
        });
        if (!stop) break;
        if (!stop.ring) faults.push("no ring: " + stop.says);
        if (!stop.inside) faults.push("out of sight: " + stop.says);
        if (stop.order < last) break; // round again
        // At 320 px what comes later stands lower, or to the right in a list of two columns.
        if (options.viewport && stop.y < before.y - 40 && stop.x < before.x + 60) faults.push("2.4.3 stands above the stop before it: " + stop.says);
        last = stop.order;
        before = stop;
      }
      assert.ok(last > 0, "nothing takes focus");
      assert.deepEqual(faults, [], JSON.stringify(options));
      await page.context().close();
    }
  });
}

test("3.3.1 Fejl: a file that is no form is refused in words, and nothing is lost", async () => {
  const page = await open(browser, site, types.skabelon);
  const field = page.locator("form[data-skema] input[type=text], form[data-skema] textarea").first();
  await field.fill("mine ord");
  await page.locator("[data-skema-vaerktoej] input[type=file]").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from("ikke json") });
  await page.waitForSelector("[data-skema-vaerktoej] [role=status]:has-text('Filen passer ikke')");
  assert.equal(await field.inputValue(), "mine ord");
  await page.context().close();
});
