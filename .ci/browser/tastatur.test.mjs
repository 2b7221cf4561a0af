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

// stop tells of what has focus. It is covered when no part of it is on top of all else.
const stop = () => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const s = getComputedStyle(e);
  const shape = e.querySelector?.(".f") && getComputedStyle(e.querySelector(".f"));
  const ring = (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none" || (shape && parseFloat(shape.strokeWidth) >= 5);
  const box = e.getBoundingClientRect();
  const seen = [...e.getClientRects()].some((r) => [0.1, 0.5, 0.9].some((x) => [0.1, 0.5, 0.9].some((y) => {
    const top = document.elementFromPoint(r.left + r.width * x, r.top + r.height * y);
    return top && (e.contains(top) || top.contains(e));
  })));
  return { says: e.outerHTML.slice(0, 80), ring, seen, x: box.left, y: box.top + scrollY, inside: box.bottom > 0 && box.top < innerHeight && box.width > 0, order: [...document.querySelectorAll("*")].indexOf(e) };
};

// A page of each type by Tab: every stop can be seen, and comes in the order it is read.
for (const [type, at] of Object.entries(types)) {
  test(`2.4.7 Synligt fokus, 2.4.11 Fokus ikke dækket: ${type}`, async () => {
    for (const options of [{}, { viewport: { width: 320, height: 800 }, colorScheme: "dark" }, { forcedColors: "active" }]) {
      const page = await open(browser, site, at, { ...options, reducedMotion: "reduce" });
      if (options.viewport) await page.locator("details.menu").evaluate((d) => (d.open = true));
      const faults = [];
      let last = -1, before = { x: 0, y: 0 };
      for (let i = 0; i < 400; i++) {
        await page.keyboard.press("Tab");
        const now = await page.evaluate(stop);
        if (!now) break;
        if (!now.ring) faults.push("no ring: " + now.says);
        if (!now.inside) faults.push("out of sight: " + now.says);
        if (!now.seen) faults.push("2.4.11 covered: " + now.says);
        if (now.order < last) break; // round again
        // At 320 px what comes later stands lower, or to the right in a list of two columns.
        if (options.viewport && now.y < before.y - 40 && now.x < before.x + 60) faults.push("2.4.3 stands above the stop before it: " + now.says);
        last = now.order;
        before = now;
      }
      // And back again, where headings that stay at the top could lie over it.
      for (let i = 0; i < 400 && !options.forcedColors; i++) {
        await page.keyboard.press("Shift+Tab");
        const now = await page.evaluate(stop);
        if (!now || now.order > before.order) break;
        if (!now.seen) faults.push("2.4.11 covered on the way back: " + now.says);
        before = now;
      }
      assert.ok(last > 0, "nothing takes focus");
      assert.deepEqual(faults, [], JSON.stringify(options));
      await page.context().close();
    }
  });
}

// shown tells how much can be seen, and what CSS writes in and before e.
const shown = (e) => [
  [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true })).length,
  ...[e, ...e.querySelectorAll("*")].flatMap((e) => ["::before", "::after"].map((p) => getComputedStyle(e, p).content)),
].join();

for (const [type, at] of Object.entries(types)) {
  test(`1.4.13 Indhold ved hover eller fokus: ${type}`, async () => {
    const page = await open(browser, site, at, { reducedMotion: "reduce" });
    const faults = [];
    const part = type === "forside" ? "body" : "main"; // header and foot are the same on all
    for (const e of await page.$$(`${part} :is(a, button, summary, input, select, textarea, th)`)) {
      if (!(await e.isVisible())) continue;
      await e.evaluate((e) => (document.activeElement.blur(), e.scrollIntoView({ block: "center" })));
      await page.mouse.move(0, 0);
      const before = await e.evaluate(shown);
      const box = await e.boundingBox();
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      if ((await e.evaluate(shown)) !== before) faults.push("hover: " + (await e.evaluate((e) => e.outerHTML.slice(0, 80))));
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await e.evaluate((e) => e.focus({ preventScroll: true }));
      if ((await page.evaluate(() => document.documentElement.scrollHeight)) !== height) faults.push("focus: " + (await e.evaluate((e) => e.outerHTML.slice(0, 80))));
    }
    assert.deepEqual(faults, []);
    await page.context().close();
  });
}

test("1.4.13 the suggestions come by typing, stay under the pointer, and go with Esc", async () => {
  const page = await open(browser, site, "/");
  const field = page.locator("#q"), list = page.locator("[role=listbox]").first();
  await field.focus();
  assert.equal(await page.locator("[role=listbox]").locator("visible=true").count(), 0, "shown by focus alone");
  await page.keyboard.type("pulje");
  await list.waitFor();
  await list.locator("[role=option]").last().hover();
  await page.waitForTimeout(1500);
  assert.ok(await list.isVisible(), "gone while the pointer is on it");
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await page.context().close();
});

test("1.4.11 with forced colours what is chosen has an edge of its own", async () => {
  const page = await open(browser, site, "/soeg/?q=pulje", { forcedColors: "active" });
  await page.locator("#q").pressSequentially("pulje");
  await page.locator("header [role=option]").first().waitFor();
  await page.keyboard.press("ArrowDown");
  const edges = (selector) => page.locator(selector).evaluateAll((list) => list.map((e) => getComputedStyle(e)).map((s) => s.borderLeftColor + s.outlineStyle));
  for (const [chosen, other] of [["header [aria-selected=true]", "header [aria-selected=false]"], [".facets a[aria-current]", ".facets a:not([aria-current])"]]) {
    const [own, others] = [await edges(chosen), await edges(other)];
    assert.ok(own.length && others.length, chosen);
    assert.ok(!others.some((e) => own.includes(e)), `${chosen} looks like the others`);
  }
  await page.context().close();
});

test("2.4.7 the list of a long form's sections is in sight in a low window", async () => {
  const page = await open(browser, site, "/skabeloner/udviklingsplan/", { viewport: { width: 1280, height: 600 }, reducedMotion: "reduce" });
  const link = page.locator(".toc a").last();
  await link.focus();
  const { y, height } = await link.boundingBox();
  assert.ok(y >= 0 && y + height <= 600, `at ${y} px`);
  await page.context().close();
});

test("3.3.1 Fejl: a file that is no form is refused in words, and nothing is lost", async () => {
  const page = await open(browser, site, types.skabelon);
  const field = page.locator("form[data-skema] input[type=text], form[data-skema] textarea").first();
  await field.fill("mine ord");
  await page.locator("[data-skema-vaerktoej] input[type=file]").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from("ikke json") });
  await page.waitForSelector("[data-skema-vaerktoej] [role=status]:has-text('Filen passer ikke')");
  assert.equal(await field.inputValue(), "mine ord");
  await page.context().close();
});
