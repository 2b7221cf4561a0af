// Every template as those who fill it in meet it: the form on the page, and the PDF.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import pdf from "pdf-lib";
import { axe, open as openPage, startBrowser, startSite } from "./site.mjs";

const { PDFDocument, PDFRadioGroup, PDFTextField } = pdf;
const typed = "æøåÆØÅé – 'citat'";
let site, browser, forms;

before(async () => {
  site = await startSite();
  browser = await startBrowser();
  const html = await (await fetch(site.base + "/skabeloner/")).text();
  forms = [...new Set([...html.matchAll(/href="?(\/skabeloner\/[^"/> ]+\/)#skema/g)].map((m) => m[1]))];
  assert.equal(forms.length, 13, "templates");
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const open = (at, options) => openPage(browser, site, at, options);

// each runs a check on every form, and gathers what it finds by address.
async function each(options, check) {
  const faults = [];
  for (const at of forms) {
    const page = await open(at, options);
    for (const f of await check(page, at)) faults.push(`${at}: ${f}`);
    for (const f of page.troubles) faults.push(`${at}: ${f}`);
    await page.context().close();
  }
  assert.deepEqual(faults, []);
}

// answers gives the state of every control, in the order of the page.
const answers = (page) =>
  page.evaluate(() => [...document.querySelector("#skema").elements].filter((e) => e.name).map((e) => [e.name, e.type === "radio" || e.type === "checkbox" ? e.value + e.checked : e.value]));

// The forms as they lie are among all pages in tilgaengelighed.test.mjs.
test("every form is accessible when it is filled in, on any screen", async () => {
  for (const options of [{}, { viewport: { width: 320, height: 800 }, colorScheme: "dark" }]) {
    await each(options, async (page) => {
      for (const box of await page.$$("#skema textarea")) await box.fill(typed.repeat(12));
      await page.evaluate(axe);
      const found = await page.evaluate(() => axe.run("#skema").then((r) => r.violations.map((v) => `${v.id} ${v.nodes[0].target}`)));
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      return width > page.viewportSize().width ? [...found, `${width} px wide`] : found;
    });
  }
});

// A name of its own for each control, beside it or by the question around it; what must
// be filled in says so in words, and the language of the English form is told.
test("every field has a label, and says in words that it must be filled in", async () => {
  let required = 0;
  await each({}, async (page, at) => {
    const found = await page.evaluate(() => {
      const out = [];
      const seen = new Set();
      for (const e of document.querySelector("#skema").elements) {
        if (!e.name) continue;
        const around = e.closest("fieldset.field")?.querySelector("legend")?.textContent ?? "";
        const label = (e.getAttribute("aria-label") ?? e.labels[0]?.textContent ?? "").trim();
        const part = e.type === "radio" || e.type === "checkbox" ? e.value : "";
        if (!label) out.push(`${e.name} has no label`);
        if (seen.has(e.name + part)) out.push(`${e.name} ${part} stands twice`);
        seen.add(e.name + part);
        const words = around + label + (e.closest("td") ? e.closest("table").tHead.textContent : "");
        if (e.ariaRequired === "true" && !/skal udfyldes|mindst|required/.test(words)) out.push(`${e.name} must be filled in, and does not say so`);
      }
      return out;
    });
    required += await page.locator("#skema [aria-required=true]").count();
    if (at.includes("-en/") && (await page.getAttribute("#skema", "lang")) !== "en") found.push("the language is not told");
    return found;
  });
  assert.ok(required > 3, `${required} required fields`);
});

// The keyboard goes from top to bottom and from left to right, reaches every field and
// each button, keeps the answers as a file and reads them back.
test("every form is filled in, kept and read back by keyboard alone", async () => {
  await each({ acceptDownloads: true }, async (page) => {
    const out = [];
    const asked = [];
    page.on("request", (r) => asked.push(r.url()));
    const words = (await page.getAttribute("[data-skema-vaerktoej]", "data-skema-vaerktoej")).split("|");
    const names = await page.evaluate(() => [...new Set([...document.querySelector("#skema").elements].map((e) => e.name).filter(Boolean))]);
    const reached = new Set();
    let last = null;
    await page.evaluate(() => document.querySelector("#skema [name]").focus());
    for (let i = 0; i < 400; i++) {
      const now = await page.evaluate(() => {
        const e = document.activeElement;
        const r = e.getBoundingClientRect();
        return { name: e.name, type: e.type, text: e.textContent, form: Boolean(e.form), left: r.left, right: r.right, top: r.top + scrollY, bottom: r.bottom + scrollY };
      });
      if (!now.form) {
        if (reached.size === names.length) break;
      } else {
        // Before means above, unless it is to the right; or to the left in the same row.
        const above = now.bottom <= last?.top && now.left < last.right;
        const left = now.right <= last?.left && now.top < last.bottom;
        if (last && now.name !== last.name && (above || left)) out.push(`${now.name} comes after ${last.name}, but stands before it`);
        last = now;
        reached.add(now.name);
        if (now.type === "textarea") await page.keyboard.insertText(typed);
        else if (now.type === "date") await page.keyboard.type("01312027");
        else if (now.type === "select-one") await page.keyboard.press("ArrowDown");
        else await page.keyboard.press("Space");
      }
      await page.keyboard.press("Tab");
    }
    const missed = names.filter((n) => !reached.has(n));
    if (missed.length) return ["Tab does not reach " + missed];
    const empty = await page.evaluate(() => [...document.querySelectorAll("#skema :is(textarea, select)")].filter((e) => !e.value).map((e) => e.name));
    if (empty.length) out.push("still empty: " + empty);

    const [download] = await Promise.all([page.waitForEvent("download"), press(page, words[0])]);
    const want = await answers(page);
    const file = await download.path();
    await page.reload();
    if ((await answers(page)).some(([, v]) => v === typed)) out.push("the page kept the answers");
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press(page, words[1])]);
    await chooser.setFiles({ name: "svar.json", mimeType: "application/json", buffer: readFileSync(file) });
    await page.waitForSelector(`text=${words[4]}svar.json`);
    const got = await answers(page);
    want.forEach((w, i) => String(w) === String(got[i]) || out.push(`${w} came back as ${got[i]}`));
    if (asked.some((u) => u.includes("?") || u.includes("%C3") || u.includes("citat"))) out.push("sent: " + asked);
    if (await page.evaluate(() => localStorage.length + sessionStorage.length)) out.push("something is stored");
    return out;
  });
});

// press goes to a button by Tab and presses it.
async function press(page, text) {
  for (let i = 0; i < 500; i++) {
    if ((await page.evaluate(() => document.activeElement.textContent)) === text) return page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
  }
  assert.fail("Tab does not reach " + text);
}

test("a file that is not the form's own changes nothing", async () => {
  const page = await open("/skabeloner/mus-medarbejder/");
  await page.fill("#navn", typed);
  for (const bad of ["{", "null", '{"skabelon":"grus","svar":{"navn":"x"}}']) {
    await page.setInputFiles('[data-skema-vaerktoej] input[type="file"]', { name: "svar.json", mimeType: "application/json", buffer: Buffer.from(bad) });
    await page.waitForSelector("text=Filen passer ikke til denne skabelon");
    assert.equal(await page.inputValue("#navn"), typed);
  }
  await page.context().close();
});

// On paper: the form alone, and all that is written in it.
test("every form is whole without JavaScript, and on paper", async () => {
  const long = "Ærø og blåbærgrød med åben himmel. ".repeat(20);
  await each({ javaScriptEnabled: false }, async (page) => {
    const out = [];
    if (await page.locator("#skema button, #skema [type=submit], [data-skema-vaerktoej] button").count()) out.push("there is a button");
    for (const box of await page.locator("#skema textarea").all()) await box.fill(long);
    await page.setViewportSize({ width: 680, height: 1000 }); // as wide as the paper
    await page.emulateMedia({ media: "print" });
    // The page's own script is off; the test's is not.
    for (const box of await page.locator("#skema :is(textarea, input, select)").all()) if (!(await box.isVisible())) out.push((await box.getAttribute("name")) + " is not printed");
    for (const hidden of [".files", ".site-nav", ".toc", ".notice-strip"]) if (await page.locator(hidden).first().isVisible()) out.push(hidden + " is printed");
    const cut = await page.evaluate(() => [...document.querySelectorAll("#skema textarea")].filter((e) => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1).map((e) => e.name));
    if (cut.length) out.push("cut on paper: " + cut);
    return out;
  });
});

// A second tool lists the fields of every PDF, fills them in, and reads them back.
test("every field of every PDF can be filled in with Danish letters", async () => {
  const files = forms.map((at) => `${at}${at.split("/").at(-2)}.pdf`);
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
