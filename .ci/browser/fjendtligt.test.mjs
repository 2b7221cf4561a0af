// Files that would do harm: each is refused in Danish, or it is published and Chromium
// opens it with nothing run, nothing asked for elsewhere, no box and nowhere to go. On our
// own server, and on one that sends no header to hold it back.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { serveFolder, startBrowser, startBuild } from "./site.mjs";

const corpus = new URL("../../internal/release/testdata/fjendtligt/", import.meta.url).pathname;
const head = "---\ntitle: Fjendtlig\ndescription: En prøve.\nparams:\n  slags: guide\n  ejer: fond\n---\nSvaret står her.\n\n";

// bytes reads a text of sider.json: "@gentag N text" is that text N times, \xNN a byte.
function bytes(text) {
  const [, count, repeated] = text.match(/^@gentag (\d+) ([^]*)$/) ?? [];
  const whole = repeated === undefined ? text : repeated.replaceAll("\\n", "\n").repeat(count);
  return Buffer.concat(whole.split(/\\x([0-9a-fA-F]{2})/).map((part, i) => (i % 2 ? Buffer.from(part, "hex") : Buffer.from(part))));
}

function hostile() {
  const files = new Map();
  for (const entry of readdirSync(join(corpus, "filer"), { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set("content" + full.slice(corpus.length + "filer".length), readFileSync(full));
  }
  for (const [name, text] of Object.entries(JSON.parse(readFileSync(join(corpus, "sider.json"))))) {
    files.set(`content/${name}.md`, Buffer.concat([Buffer.from(head), bytes(text), Buffer.from("\n")]));
  }
  return files;
}

const dir = mkdtempSync(join(tmpdir(), "kompas-fjendtligt-"));
const source = join(dir, "kilde");

// check gives the first fault that stops publishing of each file.
function check() {
  const out = spawnSync(process.env.KOMPAS, ["check", "--json", "--source", source, "--date", "2026-11-22"], { maxBuffer: 1 << 28 });
  assert.ok(out.status <= 1, String(out.stderr));
  const faults = JSON.parse(out.stdout).faults.filter((f) => f.level === "fejl");
  return new Map(faults.reverse().map((f) => [f.file, f]));
}

let files, refused, served, plain, browser;
before(async () => {
  files = hostile();
  cpSync(join(corpus, "grund"), source, { recursive: true });
  for (const [name, content] of files) {
    mkdirSync(dirname(join(source, name)), { recursive: true });
    writeFileSync(join(source, name), content);
  }
  refused = check();
  for (const name of refused.keys()) rmSync(join(source, name), { force: true });
  execFileSync(process.env.KOMPAS, ["build", "--source", source, "--date", "2026-11-22"], { cwd: dir, stdio: ["ignore", "ignore", "inherit"] });
  served = await startBuild(join(dir, "build"));
  plain = await serveFolder(join(dir, "build", "site"));
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  served?.stop();
  plain?.stop();
  rmSync(dir, { recursive: true });
});

// watch opens a tab and notes all that a page does of itself. Scripts of the site have
// their hash in their name.
async function watch(base) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const done = [];
  const tools = await context.newCDPSession(page);
  await tools.send("Debugger.enable");
  tools.on("Debugger.scriptParsed", ({ url }) => url && !(url.startsWith(base) && /\.[0-9a-f]{64}\.js$/.test(url)) && !url.startsWith("chrome") && done.push("runs a script of " + url));
  page.on("dialog", (box) => (done.push("shows a box"), box.dismiss()));
  page.on("request", (r) => r.url().startsWith(base) || /^(chrome|data:)/.test(r.url()) || done.push("asks for " + r.url()));
  context.on("page", () => done.push("opens a window"));
  // go opens an address and gives what came of it.
  const go = async (at) => {
    done.length = 0;
    await page.goto(base + at).catch((e) => /Download is starting/.test(e.message) || done.push(e.message));
    await page.waitForTimeout(30);
    if (!page.url().startsWith(base) && page.url() !== "about:blank") done.push("goes to " + page.url());
    return [...done];
  };
  return { page, done, go, stop: () => context.close() };
}

test("a hostile file is refused in Danish, or is among those known to be harmless", () => {
  const known = readFileSync(join(corpus, "harmloese.txt"), "utf8").trim().split("\n");
  assert.ok(files.size > 300, `only ${files.size} files`);
  assert.deepEqual([...files.keys()].filter((name) => !refused.has(name)).sort(), known.map((name) => "content/" + name).sort());
  for (const [name, fault] of refused) {
    assert.ok(files.has(name), `${name} is none of theirs: ${fault.message}`);
    assert.match(fault.message + fault.advice, /[a-zæøå]{2,} [a-zæøå]/, name);
  }
});

// The addresses of what was published: pages, pictures and documents, and what the
// program makes of their texts.
const made = ["/", "/nyheder/", "/arrangementer/", "/feeds/nyheder.atom", "/feeds/nyheder.rss", "/feeds/nyheder.json", "/sitemap.xml", "/opensearch.xml", "/findes-ikke/", "/alias/"];
const address = (name) => name.replace(/^content/, "").replace(/(\/_?index|)\.md$/, "/");
const published = () => [...files.keys()].filter((name) => !refused.has(name)).map(address);

for (const [where, site] of [["our own server", () => served], ["a server that sends no headers", () => plain]]) {
  test(`what was published does nothing in Chromium: ${where}`, async () => {
    const bad = [];
    const queue = [...published(), ...made];
    const work = async () => {
      const tab = await watch(site().base);
      for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
        for (const done of await tab.go(at)) bad.push(`${at}: ${done}`);
        for (const found of at.endsWith("/") ? await tab.page.evaluate(looks) : []) bad.push(`${at}: ${found}`);
      }
      await tab.stop();
    };
    await Promise.all([work(), work()]);
    assert.deepEqual(bad, []);
  });
}

// looks reads the page as Chromium understood it: what would run at a touch, or lead to
// anything but a page, a letter or a phone.
function looks() {
  const found = [];
  for (const e of document.querySelectorAll("*")) {
    for (const name of e.getAttributeNames()) if (/^on|^style$|^srcdoc$/.test(name)) found.push(`<${e.localName} ${name}>`);
    if (e.localName === "script" && !e.src) found.push("a script in the page");
    if (/^(iframe|object|embed|base|style|math|foreignObject)$/.test(e.localName)) found.push(`<${e.localName}>`);
    for (const link of [e.href, e.action, e.formAction]) {
      if (typeof link === "string" && link && !/^(https?|mailto|tel):/.test(link)) found.push(link);
    }
  }
  return found;
}

test("what is searched for and found is shown as text", async () => {
  const words = ["fjendtlig", "alert", "script", "onerror", "<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "</script><svg onload=alert(1)>", "' onmouseover='alert(1)", "javascript:alert(1)", "{{ 1 }} [[ 2 ]]", "\u202evendt"];
  const bad = [];
  for (const site of [served, plain]) {
    const tab = await watch(site.base);
    for (const word of words) {
      bad.push(...(await tab.go("/soeg/?q=" + encodeURIComponent(word))).map((done) => `${word}: ${done}`));
      await tab.page.waitForSelector("main :is(.results, .empty, h2)");
      bad.push(...(await tab.page.evaluate(looks)).map((found) => `${word}: ${found}`));
    }
    await tab.stop();
  }
  const tab = await watch(served.base); // the box in the header, as one types
  await tab.go("/soeg/");
  await tab.page.fill("#q", "img src");
  await tab.page.waitForSelector('[role="option"]');
  bad.push(...(await tab.page.evaluate(looks)));
  await tab.stop();
  assert.deepEqual(bad, []);
});

test("a picture or document that is also a script does not run as one", async () => {
  const names = ["/bundt/jpg-js.jpg", "/bundt/png-html.png", "/pdf-html.pdf", "/docx-ren.docx"];
  const load = (names) => Promise.all(names.map((src) => new Promise((done) => {
    const script = document.createElement("script");
    Object.assign(script, { src, onload: () => done(src), onerror: () => done() });
    document.head.append(script);
  })));
  for (const site of [served, plain]) {
    const tab = await watch(site.base);
    await tab.go("/");
    const read = await tab.page.evaluate(load, names);
    assert.ok(!tab.done.includes("shows a box"), tab.done.join("; "));
    if (site === served) assert.deepEqual(read.filter(Boolean), []); // nosniff
    await tab.stop();
  }
});

// All of the above is worth what the watching is worth.
test("the watching sees a script, a box, a request, a window and a way out", async () => {
  const pages = {
    "/script": [/runs a script/, "<script>1</script>"],
    "/box": [/shows a box/, "<body onload=alert(1)>"],
    "/attribute": [/runs a script/, "<img src=x onerror=1>"],
    "/request": [/asks for/, "<img src=http://127.0.0.2:9/x.png>"],
    "/window": [/opens a window/, "<body onload=open('about:blank')>"],
    "/out": [/asks for|goes to/, "<meta http-equiv=refresh content='0;url=http://127.0.0.2:9/'>"],
    "/found": [/onclick/, "<p onclick=1>"],
    "/link": [/javascript/, "<a href='java\tscript:1'>x</a>"],
  };
  const server = createServer((r, answer) => answer.writeHead(200, { "Content-Type": "text/html" }).end(pages[r.url]?.[1] ?? ""));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  for (const [at, [want]] of Object.entries(pages)) {
    const tab = await watch(`http://127.0.0.1:${server.address().port}`);
    const done = [...(await tab.go(at)), ...(await tab.page.evaluate(looks).catch(() => []))].join("; ");
    assert.match(done, want, at);
    await tab.stop();
  }
  server.close();
  server.closeAllConnections();
});
