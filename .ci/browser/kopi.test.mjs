// The site as plain files on any web server: `kompas deploy`. First all that a visitor
// meets on our own server, then what only a copy does.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import "./site.test.mjs";
import { crawl, open as openPage, startBrowser, startBuild, startCopy } from "./site.mjs";

let served, copy, browser;
before(async () => {
  const headers = {};
  copy = await startCopy(headers);
  served = await startBuild(copy.build);
  const policy = (await fetch(served.base + "/")).headers.get("content-security-policy");
  assert.match(policy, /default-src 'none'/);
  headers["Content-Security-Policy"] = policy; // as what stands in front of a copy is to send it
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  copy?.stop();
  served?.stop();
});

const open = (at, options) => openPage(browser, copy, at, options);

test("every page of the served site is on the copy, byte for byte", async () => {
  const pages = await crawl(served);
  assert.ok(pages.size > 300, `only ${pages.size} pages`);
  const differ = [];
  for (const [at, text] of pages) {
    if (at.startsWith("/soeg/")) continue;
    if ((await (await fetch(copy.base + at)).text()) !== text) differ.push(at);
  }
  assert.deepEqual(differ, []);
});

test("old addresses lead on, without JavaScript; an unknown one gets the Danish page", async () => {
  for (const [old, now] of [["/FAQ", "/fonden/spoergsmaal-og-svar/"], ["/english", "/en/"]]) {
    const page = await open(old, { javaScriptEnabled: false });
    await page.waitForURL((u) => u.pathname === now);
    await page.context().close();
  }
  const answer = await fetch(copy.base + "/findes-ikke/");
  assert.equal(answer.status, 404);
  assert.match(await answer.text(), /lang="da"/);
});

// What the two show: title, address and order of each hit, and what a word was read as.
const shown = async (page) => {
  await page.waitForSelector("main :is(.results, .empty, h2)");
  return page.evaluate(() => [...document.querySelectorAll("main .results h3 a")].map((a) => `${new URL(a.href).pathname} ${a.innerText}`));
};

test("the static search finds what the server finds, in its order, under the site's policy", async () => {
  const ours = await open("/");
  for (const q of ["kompetansefonden", "mus", "hvornår åbner fonden", "efteruddannelsesplan leder", "AMU kursus pris", "55+ seniorer"]) {
    await ours.goto(served.base + "/soeg/?q=" + encodeURIComponent(q));
    const want = (await shown(ours)).slice(0, 6); // a page of the static search is shorter
    const page = await open("/soeg/?q=" + encodeURIComponent(q));
    await page.waitForSelector("main .results h3 a");
    assert.ok(want.length > 0, q);
    assert.deepEqual(await shown(page), want, q);
    assert.deepEqual(page.troubles, [], q);
    await page.context().close();
  }
  await ours.context().close();
});

test("the search box on the front page leads to the static search", async () => {
  const page = await open("/");
  await page.fill("#q2", "kompetansefonden");
  await page.click(".search-form button");
  await page.waitForSelector("main .results h3 a");
  assert.match(await page.innerText("main"), /Viser resultater for kompetencefond/);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});
