// Search as a visitor meets it: on our server, on a plain file host, and without JavaScript
// on both. kopi.test.mjs holds the two against each other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open as openPage, startBrowser, startBuild, startCopy } from "./site.mjs";

const hosts = { server: null, filer: null };
let browser;

before(async () => {
  hosts.filer = await startCopy();
  hosts.server = await startBuild(hosts.filer.build);
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  for (const host of Object.values(hosts)) host?.stop();
});

const open = (host, at, options) => openPage(browser, hosts[host], at, options);
const plain = { javaScriptEnabled: false };

// find goes to the answer to a query, and waits until it is drawn.
async function find(page, host, q) {
  await page.goto(hosts[host].base + "/soeg/?q=" + encodeURIComponent(q));
  await page.waitForFunction(() => document.querySelector("main h1").textContent !== "Søg");
}

// each runs a test on the server and on the files.
const each = (name, look) => {
  for (const host of Object.keys(hosts)) {
    test(`${name} (${host})`, async () => {
      const page = await open(host, "/soeg/");
      await look((q) => find(page, host, q), page);
      assert.deepEqual(page.troubles, []);
      await page.context().close();
    });
  }
};

const box = async (page) => {
  const input = page.locator("header #q");
  const said = (name) => input.getAttribute(name);
  return { input, said, list: page.locator(`[id="${await said("aria-controls")}"]`) };
};

test("combobox by keyboard: three letters, arrows, Enter goes there", async () => {
  const page = await open("server", "/om/");
  const asked = [];
  page.on("request", (r) => r.url().includes("/api/") && asked.push(r.url()));
  const { input, said, list } = await box(page);
  assert.equal(await said("role"), "combobox");
  assert.equal(await said("aria-autocomplete"), "list");
  assert.equal(await said("aria-expanded"), "false");
  await input.focus();
  await page.keyboard.type("gr", { delay: 20 });
  await page.waitForTimeout(250);
  assert.deepEqual(asked, [], "two letters are not asked for");

  await page.keyboard.type("u");
  await list.waitFor();
  const options = list.locator("[role=option]");
  const count = await options.count();
  assert.ok(count > 1 && count <= 5, `${count} suggestions`);
  assert.equal(await said("aria-expanded"), "true");
  assert.equal(await list.getAttribute("role"), "listbox");
  assert.equal(await page.locator("header [role=status]").innerText(), `${count} forslag`);
  assert.equal(await said("aria-activedescendant"), null, "nothing is chosen before an arrow");

  const chosen = async (key) => {
    await page.keyboard.press(key);
    const at = page.locator(`[id="${await said("aria-activedescendant")}"]`);
    assert.equal(await at.getAttribute("aria-selected"), "true");
    assert.equal(await list.locator("[aria-selected=true]").count(), 1);
    return at.evaluate((e) => [...e.parentElement.children].indexOf(e));
  };
  assert.equal(await chosen("ArrowDown"), 0);
  assert.equal(await chosen("ArrowUp"), count - 1, "round the top");
  assert.equal(await chosen("ArrowDown"), 0, "round the bottom");
  assert.equal(await chosen("ArrowDown"), 1);
  assert.ok(await input.evaluate((e) => e === document.activeElement), "focus stays in the box");
  const to = await options.nth(1).evaluate((e) => e.dataset.to);
  await Promise.all([page.waitForURL((u) => u.pathname + u.hash === to), page.keyboard.press("Enter")]);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("combobox: Escape closes and keeps the words; Enter with nothing chosen searches", async () => {
  const page = await open("server", "/");
  const { input, said, list } = await box(page);
  await input.pressSequentially("grus");
  await list.waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  assert.ok(await list.isHidden());
  assert.equal(await said("aria-expanded"), "false");
  assert.equal(await said("aria-activedescendant"), null);
  assert.equal(await input.inputValue(), "grus");
  await Promise.all([page.waitForURL(/\/soeg\/\?q=grus$/), page.keyboard.press("Enter")]);
  await page.context().close();
});

test("2.5.2 Fortryd: a suggestion is taken when the pointer is let go on it, not when it is pressed", async () => {
  const page = await open("server", "/om/");
  const { input, list } = await box(page);
  await input.pressSequentially("pulje");
  await list.waitFor();
  const option = list.locator("[role=option]").last(), to = await option.evaluate((e) => e.dataset.to);
  await option.hover();
  await page.mouse.down();
  await page.waitForTimeout(300);
  assert.ok(await option.isVisible(), "gone when pressed");
  await page.mouse.move(5, 700);
  await page.mouse.up();
  await page.waitForTimeout(300);
  assert.equal(new URL(page.url()).pathname, "/om/", "taken though it was let go elsewhere");
  await Promise.all([page.waitForURL((u) => u.pathname + u.hash === to), option.click()]);
  await page.context().close();
});

test("combobox: suggestions that come when one has gone on are not shown", async () => {
  const page = await open("server", "/om/");
  const { input, list } = await box(page);
  let answer;
  const gate = new Promise((open) => (answer = open));
  await page.route("**/api/forslag*", async (r) => (await gate, r.continue()));
  await Promise.all([page.waitForRequest(/api\/forslag/), input.pressSequentially("grus")]);
  await page.keyboard.press("Tab");
  await Promise.all([page.waitForResponse(/api\/forslag/), answer()]);
  await page.waitForTimeout(200);
  assert.ok(await list.isHidden());
  await page.context().close();
});

test("combobox: a host without suggestions is asked once, and the box still searches", async () => {
  const page = await open("filer", "/");
  const asked = [];
  page.on("request", (r) => r.url().includes("/api/") && asked.push(r.url()));
  const { input, said } = await box(page);
  await Promise.all([page.waitForResponse(/api\/forslag/), input.pressSequentially("mus", { delay: 5 })]);
  await input.pressSequentially("samtale", { delay: 30 });
  await page.waitForTimeout(200);
  assert.equal(asked.length, 1);
  assert.equal(await said("aria-expanded"), "false");
  await Promise.all([page.waitForURL(/\/soeg\/\?q=mussamtale$/), page.keyboard.press("Enter")]);
  await page.waitForSelector("main .results h3 a");
  await page.context().close();
});

test("without JavaScript the server answers, corrects, narrows and pages", async () => {
  const page = await open("server", "/", plain);
  await page.fill("header #q", "kompetansefonden");
  await page.press("header #q", "Enter");
  assert.match(await page.innerText("main"), /Viser resultater for kompetencefond/);
  const total = async () => parseInt(await page.innerText("main h1"), 10);
  const before = await total();
  const narrow = page.locator(".facets li a:not([aria-current])").first();
  const pages = parseInt(await narrow.locator(".n").innerText(), 10);
  await narrow.click();
  assert.equal(await total(), pages, "as many as the choice said");
  assert.ok(pages < before);
  await page.goBack();
  const first = await page.locator(".results h3 a").allInnerTexts();
  await page.click(".pager >> text=Næste side");
  assert.notDeepEqual(await page.locator(".results h3 a").allInnerTexts(), first);
  await page.context().close();
});

test("without JavaScript and without a server: best bets, topics and A-Å", async () => {
  const page = await open("filer", "/", plain);
  await page.fill("header #q", "mus");
  await page.press("header #q", "Enter");
  await page.waitForURL((u) => u.pathname === "/soeg/");
  assert.ok(await page.locator("main noscript p").isVisible(), "says that it takes JavaScript");
  const under = (heading) => page.locator("[data-uden]").locator(`:is(h2:text-is("${heading}") ~ ul, h2:text-is("${heading}") ~ details)`).first();
  assert.ok((await under("Begynd her").locator("a").count()) > 10);
  await page.locator("details summary", { hasText: "MUS" }).first().click();
  assert.ok(await under("Emner").first().isVisible());
  assert.ok((await page.locator("[data-uden] details a").locator("visible=true").count()) > 0, "a topic opens");
  const all = page.locator("section[aria-labelledby=a-aa] a");
  assert.ok((await all.count()) > 120, `${await all.count()} pages from A to Å`);
  await page.locator("section[aria-labelledby=a-aa] a[href='/mus/']").click();
  assert.equal(new URL(page.url()).pathname, "/mus/");
  await page.context().close();
});

each("a correction can be undone, and a search in vain helps on", async (find, page) => {
  await find("kompetansefonden");
  const said = page.locator("p.corrected");
  await said.waitFor();
  assert.equal(await said.innerText(), "Viser resultater for kompetencefond. Søg i stedet efter kompetansefonden.");
  await said.locator("a").click();
  await page.waitForFunction(() => document.querySelector("main h1").textContent === "Ingen sider med »kompetansefonden«");
  assert.equal(await page.locator("p.corrected, .results").count(), 0);
  assert.equal(await page.inputValue("#s"), "kompetansefonden");
  assert.match(await page.innerText("main"), /Prøv et andet eller et kortere ord/);
  assert.ok(await page.locator("main a[href='/fonden/']").first().isVisible(), "what many search for");
  assert.ok(await page.locator("main summary", { hasText: "MUS" }).first().isVisible(), "topics");
  assert.ok(await page.locator("main >> text=Alle sider fra A til Å").first().isVisible());
});

each("what is found may be narrowed, to as many pages as the choice says", async (find, page) => {
  const total = async () => parseInt(await page.innerText("main h1"), 10);
  await find("kursus");
  const before = await total(), summary = page.locator("details.facets summary"); // on files
  const headings = async () => {
    if (await summary.count()) await summary.click();
    await page.locator(".facets h3").first().waitFor();
    return page.locator(".facets h3").allInnerTexts();
  };
  const said = await headings(), choice = page.locator(".facets h3:has-text('Slags') + ul a:not([aria-current])").first();
  assert.ok(said.length > 1, said.join());
  const pages = parseInt(await choice.locator(".n").innerText(), 10);
  await choice.click();
  await page.waitForFunction((n) => document.querySelector("main h1").textContent.startsWith(n + " side"), pages);
  assert.ok(pages > 0 && pages < before, `${pages} of ${before}`);
  assert.ok((await headings()).includes("Slags"));
  assert.equal(parseInt(await page.locator(".facets h3:has-text('Slags') + ul [aria-current=true] .n").innerText(), 10), pages);
});

each("whole words are marked, right after æøå too", async (find, page) => {
  await find("samtale årlig");
  await page.waitForSelector(".results mark");
  const marks = await page.evaluate(() => [...document.querySelectorAll(".results mark")].map((m) => {
    const whole = m.parentElement.textContent;
    let at = 0;
    for (let n = m.previousSibling; n; n = n.previousSibling) at += n.textContent.length;
    return { word: m.textContent, before: whole.slice(0, at), after: whole.slice(at + m.textContent.length) };
  }));
  assert.ok(marks.some((m) => /[æøå]/i.test(m.before)), "none stands after æøå");
  assert.ok(marks.some((m) => /^årlig/i.test(m.word)), "none begins with å");
  for (const m of marks) {
    assert.match(m.word, /^[\p{L}\p{N}+-]+$/u);
    assert.doesNotMatch(m.before.slice(-1) + m.after.slice(0, 1), /[\p{L}\p{N}]/u, JSON.stringify(m));
  }
});

each("HTML in a query is text", async (find, page) => {
  page.on("dialog", (d) => (page.troubles.push("a dialog"), d.dismiss()));
  for (const q of ["<img src=x onerror=alert(1)>", `"><script>alert(1)</script>`, "<b>kompetansefonden</b>"]) {
    await find(q);
    assert.equal(await page.inputValue("#s"), q);
    assert.ok((await page.title()).startsWith(q), await page.title());
    assert.equal(await page.locator("main img, main b, main script").count(), 0, q);
    const said = page.locator("p.corrected a");
    if (await said.count()) assert.equal(await said.innerText(), q);
  }
});
