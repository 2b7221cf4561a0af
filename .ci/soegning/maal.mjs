// What a first search costs a visitor of a plain file host, beside Pagefind on the same
// pages: bytes as they are sent and requests, in Chromium with an empty cache for every
// query. The page itself is not counted, for either; the scripts are. Then what the index
// costs to make, and how fast the server answers, at 1,000 pages. Prints tables.
//   npm ci --prefix .ci/soegning --ignore-scripts && node .ci/soegning/maal.mjs PATH-TO-KOMPAS [300,1000,10000]
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const [binary, sizes = "300,1000,10000"] = process.argv.slice(2);
const hits = 6; // as many as the search page shows; Pagefind loads each of them too
const dir = mkdtempSync(join(tmpdir(), "kompas-maal-"));
const run = (program, ...args) => execFileSync(program, args, { stdio: ["ignore", "pipe", "inherit"] }).toString();

// queries makes a hundred queries of what stands on the pages: words and pairs of words,
// as they are, with two letters swapped, and without æøå. The same pages give the same.
function queries(build) {
  const { terms, pages } = JSON.parse(readFileSync(join(build, "index/kompas.json")));
  const words = Object.values(terms).map((t) => t.form).filter((f) => /^\p{L}{4,}$/u.test(f)).sort();
  let seed = 1;
  const pick = (list) => list[(seed = (seed * 48271) % 2147483647) % list.length];
  const heading = () => pick(pick(pages).names).text.match(/\p{L}{4,}/gu)?.slice(0, 2).join(" ") ?? pick(words);
  const swapped = (w) => w.slice(0, 3) + w[4] + w[3] + w.slice(5);
  const plain = (w) => w.replaceAll("æ", "ae").replaceAll("ø", "oe").replaceAll("å", "aa");
  const makers = [[35, () => pick(words)], [35, heading], [15, () => swapped(pick(words.filter((w) => w.length > 7)))], [15, () => plain(pick(words.filter((w) => /[æøå]/.test(w))))]];
  return makers.flatMap(([n, make]) => Array.from({ length: n }, make));
}

// serve is the plainest file host, with what is text gzipped. asked gathers requests.
const texts = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" };
const packed = new Map();
async function serve(roots, asked) {
  const server = createServer((request, answer) => {
    const at = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
    const file = roots.map((root) => join(root, at, at.endsWith("/") ? "index.html" : "")).find((f) => existsSync(f) && statSync(f).isFile());
    if (!file) return answer.writeHead(404).end();
    const type = texts[extname(file)];
    if (!packed.has(file)) packed.set(file, type ? gzipSync(readFileSync(file), { level: 9 }) : readFileSync(file));
    const body = packed.get(file);
    asked.push({ at, bytes: body.length });
    answer.writeHead(200, { "Content-Type": type ?? "application/octet-stream", "Cache-Control": "no-cache", ...(type ? { "Content-Encoding": "gzip" } : {}) }).end(body);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { base: `http://127.0.0.1:${server.address().port}`, stop: () => (server.close(), server.closeAllConnections()) };
}

const pagefindPage = `<!doctype html><script type="module">
const pagefind = await import("/pagefind/pagefind.js");
const found = await pagefind.search(new URLSearchParams(location.search).get("q"));
await Promise.all(found.results.slice(0, ${hits}).map((r) => r.data()));
document.title = "done";
</script>`;

const rank = (list, share) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(share * list.length))];

// cost opens every query in a new context, and gives bytes and requests of what ours is.
async function cost(browser, base, asked, asks, at, done, ours) {
  const bytes = [], requests = [];
  for (const q of asks) {
    const context = await browser.newContext();
    const page = await context.newPage();
    asked.length = 0;
    await page.goto(`${base}${at}?q=${encodeURIComponent(q)}`);
    await page.waitForFunction(done);
    const own = asked.filter((a) => ours.test(a.at));
    bytes.push(own.reduce((sum, a) => sum + a.bytes, 0));
    requests.push(own.length);
    await context.close();
  }
  return { bytes, requests };
}

const kB = (n) => (n / 1000).toFixed(1);
const row = (n, name, c) => console.log(`| ${n} | ${name} | ${kB(rank(c.bytes, 0.5))} kB | ${kB(rank(c.bytes, 0.95))} kB | ${rank(c.requests, 0.5)} | ${rank(c.requests, 0.95)} |`);

async function bytes(browser, n) {
  const [source, build, other] = ["src", "build", "pagefind"].map((name) => join(dir, `${name}-${n}`));
  run(binary, "bench", "--pages", String(n), "--write", source);
  run(binary, "build", "--source", source, "--out", build);
  run(new URL("node_modules/.bin/pagefind", import.meta.url).pathname, "--site", join(build, "site"), "--root-selector", "main", "--output-path", join(other, "pagefind"));
  writeFileSync(join(other, "pf.html"), pagefindPage);
  const asked = [], host = await serve([join(build, "site"), other], asked), asks = queries(build);
  row(n, "kompas", await cost(browser, host.base, asked, asks, "/soeg/", () => document.querySelector("main h1").textContent !== "Søg", /soegeside|soeg\/indeks/));
  row(n, "Pagefind 1.6.0", await cost(browser, host.base, asked, asks, "/pf.html", () => document.title === "done", /^\/pagefind\//));
  const script = [...packed].filter(([file]) => file.startsWith(build) && file.includes("soegeside")).map(([, body]) => kB(body.length));
  host.stop();
  return { build, asks, script };
}

try {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
  console.log("| sider | hvad | bytes, median | bytes, 95 % | kald, median | kald, 95 % |\n|---:|---|---:|---:|---:|---:|");
  const measured = [];
  for (const n of sizes.split(",")) measured.push({ n, ...(await bytes(browser, n)) });
  await browser.close();
  console.log(`\nKompas' script: ${measured[0].script} kB af det.`);
  const { build, asks } = measured.find((m) => m.n === "1000") ?? measured[0];
  const list = join(dir, "queries.txt");
  writeFileSync(list, asks.join("\n"));
  console.log("\n" + run(binary, "bench", "--search", build, "--queries", list));
} finally {
  rmSync(dir, { recursive: true });
}
