// What a visitor meets in a browser. Run by .ci/run: KOMPAS=<binary> node --test .ci/browser
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open as openPage, startBrowser, startCopy, startSite } from "./site.mjs";

const copied = process.argv[1].endsWith("kopi.test.mjs"); // which runs all this once more
let site, browser;

before(async () => {
  site = await (copied ? startCopy() : startSite());
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const open = (at, options) => openPage(browser, site, at, options);

// Three ways through the self-check, by the words a visitor clicks.
const stories = [
  [{ sektor: "kommune" }, "nej"],
  [{ sektor: "stat", ansaettelse: "overenskomst", opsagt: "nej", pulje: "co10", pligt: "nej", aktivitet: "kursus", start: "inden-9-mdr", leder: "ja", runde: "aaben", beloeb: "1-30000" }, "ja"],
  [{ sektor: "stat", ansaettelse: "tjenestemand", opsagt: "nej", pulje: "co10", pligt: "nej", aktivitet: "studietur" }, "ikke-denne"],
];

// walk answers questions until an outcome, and gives the outcome's class.
async function walk(page, story, act) {
  for (let i = 0; i < 25; i++) {
    const outcome = await page.$(".outcome");
    if (outcome) return (await outcome.getAttribute("class")).match(/outcome--([a-z-]+)/)[1];
    const question = new URL(page.url()).pathname.split("/").at(-2);
    const id = Object.keys(story).find((q) => question === q || question.startsWith(q + "-"));
    assert.ok(id, `no answer for ${question}`);
    await act(page, page.locator(`[data-svar="${story[id]}"]`));
  }
  assert.fail("no outcome after 25 questions");
}

test("the self-check works without JavaScript", async () => {
  for (const [story, want] of stories) {
    const page = await open("/selvtjek/kan-jeg-soege/", { javaScriptEnabled: false });
    await page.click("text=Begynd");
    assert.equal(await walk(page, story, (p, link) => link.click()), want);
    assert.ok(await page.locator("text=33 18 69 69").first().isVisible());
    await page.context().close();
  }
});

test("the self-check works by keyboard alone", async () => {
  for (const [story, want] of stories) {
    const page = await open("/selvtjek/kan-jeg-soege/");
    const press = async (p, link) => {
      const goal = await link.elementHandle();
      for (let i = 0; i < 60; i++) {
        if (await p.evaluate((e) => document.activeElement === e, goal)) break;
        await p.keyboard.press("Tab");
      }
      assert.ok(await p.evaluate((e) => document.activeElement === e, goal), "the answer cannot be reached by Tab");
      await Promise.all([p.waitForNavigation(), p.keyboard.press("Enter")]);
    };
    await press(page, page.locator("a.button", { hasText: "Begynd" }));
    assert.equal(await walk(page, story, press), want);
    assert.deepEqual(page.troubles, []);
    await page.context().close();
  }
});

test("Dine svar shows the answers, lets one be changed, and tells the server nothing", async () => {
  const page = await open("/selvtjek/kan-jeg-soege/sektor/");
  const asked = [];
  page.on("request", (r) => asked.push(r.url()));
  await page.click('[data-svar="stat"]');
  await page.click('[data-svar="overenskomst"]');
  await page.waitForSelector("[data-dine-svar]:not([hidden])");
  assert.equal(await page.locator("[data-dine-svar] dl > div").count(), 2);
  assert.ok(asked.every((u) => !u.includes("overenskomst") && !u.includes("#")), "an answer was sent: " + asked);
  await page.click("[data-back]");
  assert.match(page.url(), /ansaettelse\/#s=sektor\.stat$/);
  await page.waitForSelector("[data-dine-svar]:not([hidden])");
  await page.click('[data-dine-svar] a[aria-label^="Ret svaret"]');
  assert.match(page.url(), /sektor\/$/);
  assert.deepEqual(await page.context().cookies(), []);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  await page.context().close();
});

test("the pool finder filters, and is whole without JavaScript", async () => {
  const page = await open("/fonden/puljer/");
  const rows = page.locator("[data-finder] tbody tr");
  const all = await rows.count();
  await page.getByLabel("Skriv din organisation, stilling eller arbejdsplads").fill("faengselsbetjent");
  assert.equal(await rows.locator("visible=true").count(), 1);
  assert.match(await rows.locator("visible=true").innerText(), /OAO/);
  await page.context().close();
  const plain = await open("/fonden/puljer/", { javaScriptEnabled: false });
  assert.equal(await plain.locator("[data-finder] tbody tr").locator("visible=true").count(), all);
  await plain.context().close();
});

test("search answers without JavaScript and says what it read a word as", { skip: copied && "takes a server" }, async () => {
  const page = await open("/", { javaScriptEnabled: false });
  await page.fill("#q2", "kompetansefonden");
  await page.click(".search-form button");
  assert.match(await page.innerText("main"), /Viser resultater for kompetencefond/);
  assert.match(await page.locator(".results a").first().getAttribute("href"), /^\/fonden\//);
  await page.context().close();
});
