// Ten tasks from the front page by keyboard alone: Tab, Enter, Space and typing. Prints the
// number of key presses; docs/tastatur.md has them in a table.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, startBrowser, startSite } from "./site.mjs";

let site, browser;

before(async () => {
  site = await startSite();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  site?.stop();
});

// A Visitor has a keyboard and no mouse. tabs, presses and words count what the keyboard did.
class Visitor {
  constructor(page) {
    Object.assign(this, { page, tabs: 0, presses: 0, words: 0 });
  }
  // to tabs on until the first of locator has focus.
  async to(locator) {
    await locator.first().waitFor();
    const goal = await locator.first().elementHandle();
    for (let i = 0; i < 150; i++) {
      await this.page.keyboard.press("Tab");
      this.tabs++;
      if (await this.page.evaluate((e) => document.activeElement === e, goal)) return;
    }
    assert.fail("Tab does not come to " + locator);
  }
  async press(key) {
    await this.page.keyboard.press(key);
    this.presses++;
  }
  // follow goes to a link and opens it.
  async follow(locator) {
    await this.to(locator);
    const from = this.page.url();
    await this.press("Enter");
    await this.page.waitForURL((u) => String(u) !== from);
  }
  async type(text) {
    await this.page.keyboard.type(text);
    this.words++;
  }
  // skip takes the link past the menu, the first stop of every page.
  async skip() {
    await this.follow(this.page.locator("a.skip"));
  }
}

const main = (page, name) => page.locator("main").getByRole("link", { name, exact: true });
const menu = (page, name) => page.locator(".site-nav").getByRole("link", { name, exact: true });

// Answers of an organist on the agreement for church musicians, in CO10's pool.
const organist = { sektor: "statslig-aftale", ansaettelse: "overenskomst", opsagt: "nej", pulje: "co10", pligt: "nej", aktivitet: "kursus", start: "inden-9-mdr", leder: "ja", runde: "aaben", beloeb: "1-30000" };

const tasks = {
  "Find loftet i din pulje (CO10)": async (v, page) => {
    await v.skip();
    await v.follow(main(page, "CO10"));
    assert.match(await page.innerText("main"), /30\.000\skr\./);
  },
  "Hent lederens skabelon til MUS som Word": async (v, page) => {
    await v.follow(menu(page, "Skabeloner"));
    await v.skip();
    await v.follow(page.locator('main a[href="/skabeloner/mus-leder/"]'));
    await v.skip();
    await v.to(main(page, "Hent som Word"));
    const [file] = await Promise.all([page.waitForEvent("download"), v.press("Enter")]);
    assert.equal(file.suggestedFilename(), "mus-leder.docx");
  },
  "Tjek som organist, om du kan søge": async (v, page) => {
    await v.skip();
    await v.follow(main(page, "Tag selvtjekket"));
    await v.skip();
    await v.follow(main(page, "Begynd"));
    for (let i = 0; i < 15 && !(await page.$(".outcome")); i++) {
      const question = new URL(page.url()).pathname.split("/").at(-2);
      const id = Object.keys(organist).find((q) => question === q || question.startsWith(q + "-"));
      assert.ok(id, "no answer for " + question);
      await v.skip();
      await v.follow(page.locator(`[data-svar="${organist[id]}"]`));
    }
    assert.match(await page.getAttribute(".outcome", "class"), /outcome--ja$/);
  },
  "Find telefonnummeret": async (v, page) => {
    await v.follow(menu(page, "Om os"));
    await v.skip();
    await v.follow(page.locator('main a[href="/om/kontakt/"]'));
    await v.skip();
    await v.to(page.locator('main a[href="tel:+4533186969"]'));
  },
  "Find ud af, hvilken pulje en fængselsbetjent hører til": async (v, page) => {
    await v.skip();
    await v.follow(main(page, "Finde din pulje"));
    await v.skip();
    await v.to(page.getByLabel("Skriv din organisation, stilling eller arbejdsplads"));
    await v.type("fængselsbetjent");
    await page.waitForFunction(() => /^1 af /.test(document.querySelector("[data-finder] [role=status]").textContent));
    assert.match(await page.locator("[data-finder] tbody tr").locator("visible=true").innerText(), /OAO/);
  },
  "Se som leder, hvad du skal godkende": async (v, page) => {
    await v.skip();
    await v.follow(main(page, "Godkende som leder"));
    assert.equal(new URL(page.url()).pathname, "/fonden/for-ledere/");
  },
  "Søg efter, om rejsen er dækket": async (v, page) => {
    await v.to(page.locator("#q"));
    await v.type("rejse");
    await v.press("Enter");
    await page.waitForURL(/q=rejse/);
    await v.skip();
    await v.follow(page.locator('.results h3 a[href="/fonden/transport-og-ophold/"]'));
  },
  "Udfyld begyndelsen af en skabelon, og gem den": async (v, page) => {
    await v.skip();
    await v.follow(main(page, "Hente en skabelon"));
    await v.skip();
    await v.follow(page.locator('main a[href="/skabeloner/del-jeres-erfaring/"]'));
    await v.skip();
    await v.follow(main(page, "Udfyld her på siden"));
    await v.to(page.locator("#skema input[type=text], #skema textarea"));
    await v.type("Styrelsen for eksempler");
    await v.to(page.getByRole("button", { name: "Gem som fil" }));
    const [file] = await Promise.all([page.waitForEvent("download"), v.press("Enter")]);
    assert.equal(file.suggestedFilename(), "del-jeres-erfaring.json");
  },
  "Gå fra MUS-hjulet til opfølgning": async (v, page) => {
    await v.skip();
    await v.follow(main(page, "Holde MUS"));
    await v.skip();
    await v.follow(page.locator('main a[href="/mus/mus-hjulet/opfoelgning/"]'));
  },
  "Læs på engelsk, om du kan søge": async (v, page) => {
    await v.skip();
    await v.follow(page.locator('body > footer a[href="/en/"]'));
    await v.follow(page.locator("a[href='#indhold'], a[href='#content']"));
    await v.follow(page.locator('main a[href="/en/eligibility/"]'));
  },
};

for (const [name, act] of Object.entries(tasks)) {
  test(name, async (t) => {
    const page = await open(browser, site, "/", { acceptDownloads: true });
    const v = new Visitor(page);
    await act(v, page);
    t.diagnostic(`${v.tabs + v.presses} tryk (${v.tabs} Tab, ${v.presses} Enter)${v.words ? `, ${v.words} gang skrevet` : ""}`);
    assert.ok(v.tabs < 120, `${v.tabs} times Tab`);
    assert.deepEqual(page.troubles, []);
    await page.context().close();
  });
}
