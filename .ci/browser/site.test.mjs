// What a visitor meets in a browser. Run by .ci/run: KOMPAS=<binary> node --test .ci/browser
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import pdf from "pdf-lib";
import { open as openPage, startBrowser, startSite } from "./site.mjs";

const { PDFDocument, PDFRadioGroup, PDFTextField } = pdf;
let site, browser;

before(async () => {
  site = await startSite();
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

test("search answers without JavaScript and says what it read a word as", async () => {
  const page = await open("/", { javaScriptEnabled: false });
  await page.fill("#q2", "kompetansefonden");
  await page.click(".search-form button");
  assert.match(await page.innerText("main"), /Viser resultater for kompetencefond/);
  assert.match(await page.locator(".results a").first().getAttribute("href"), /^\/fonden\//);
  await page.context().close();
});

// Templates. A form is filled in by keyboard, kept as a file, and read back.
test("a template can be filled in by keyboard, kept as a file and read back; nothing is sent", async () => {
  const page = await open("/skabeloner/mus-medarbejder/", { acceptDownloads: true });
  const asked = [];
  page.on("request", (r) => asked.push(r.url()));
  const names = await page.evaluate(() => [...new Set([...document.querySelector("#skema").elements].map((e) => e.name).filter(Boolean))]);
  const reached = new Set();
  await page.focus("#arbejdsplads");
  for (let i = 0; i < 120; i++) {
    const now = await page.evaluate(() => ({ name: document.activeElement.name, type: document.activeElement.type }));
    if (now.name) reached.add(now.name);
    if (now.type === "text" || now.type === "textarea") await page.keyboard.insertText("Søren Ærø Åkjær");
    if (now.type === "checkbox" || now.type === "radio") await page.keyboard.press("Space");
    if (now.type === "select-one") await page.keyboard.press("n");
    if (now.type === "text") await page.keyboard.press("Enter"); // must not send the form
    await page.keyboard.press("Tab");
  }
  assert.deepEqual(names.filter((n) => !reached.has(n)), [], "fields that Tab does not reach");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=Gem som fil")]);
  const file = await download.path();
  const kept = JSON.parse(readFileSync(file, "utf8"));
  assert.equal(kept.skabelon, "mus-medarbejder");
  assert.deepEqual(kept.svar.navn, ["Søren Ærø Åkjær"]);
  assert.ok(kept.svar.e2.length > 5 && kept.svar.c1.length === 1);
  await page.reload();
  assert.equal(await page.inputValue("#navn"), "");
  const give = async (buffer) => page.setInputFiles('[data-skema-vaerktoej] input[type="file"]', { name: "svar.json", mimeType: "application/json", buffer });
  await give(readFileSync(file));
  await page.waitForSelector("text=Svarene er hentet fra svar.json");
  assert.equal(await page.inputValue("#f1-1"), "Søren Ærø Åkjær");
  for (const bad of ["{", "null", '{"skabelon":"grus","svar":{"navn":"x"}}']) {
    await give(Buffer.from(bad));
    await page.waitForSelector("text=Filen passer ikke til denne skabelon");
    assert.equal(await page.inputValue("#navn"), "Søren Ærø Åkjær");
  }
  assert.ok(asked.every((u) => !u.includes("?") && !/S%C3%B8ren|Søren/.test(u)), "sent: " + asked);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("a template is whole without JavaScript, and on paper", async () => {
  const page = await open("/skabeloner/udviklingsplan/", { javaScriptEnabled: false });
  assert.ok((await page.locator("#skema :is(input, textarea, select)").count()) > 90);
  assert.equal(await page.locator("#skema button, #skema [type=submit]").count(), 0);
  await page.fill("#maal1-maal", "Åben skole");
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator("#maal1-maal").isVisible());
  assert.ok(!(await page.locator(".files").isVisible()));
  await page.context().close();
});

// A second tool lists the fields of every PDF, fills them in, and reads them back.
test("every field of every PDF can be filled in with Danish letters", async () => {
  const html = await (await fetch(site.base + "/skabeloner/")).text();
  const files = [...new Set([...html.matchAll(/href="?([^" >]+\.pdf)/g)].map((m) => m[1]))];
  assert.ok(files.length > 10, `only ${files.length} PDF files`);
  const typed = "Søren Ærø Åkjær: blåbærgrød";
  for (const at of files) {
    const doc = await PDFDocument.load(await (await fetch(site.base + at)).arrayBuffer());
    for (const f of doc.getForm().getFields()) {
      if (f instanceof PDFTextField) f.setText(typed);
      else if (f instanceof PDFRadioGroup) f.select(f.getOptions().at(-1));
      else f.check();
    }
    const again = (await PDFDocument.load(await doc.save())).getForm().getFields();
    const lost = again.filter((f) => (f instanceof PDFTextField ? f.getText() !== typed : f instanceof PDFRadioGroup ? f.getSelected() !== f.getOptions().at(-1) : !f.isChecked()));
    assert.ok(again.length > 10, at);
    assert.deepEqual(lost.map((f) => f.getName()), [], at);
  }
});
