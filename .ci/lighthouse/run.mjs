// Lighthouse on the pages of `kompas serve`: as on a phone, the median of RUNS runs.
// Prints a table; ends with 1 if a score is below its target, but for performance: that is
// a time, says as much of the machine as of the page, and is there to be read.
//   node .ci/lighthouse/run.mjs PATH-TO-KOMPAS [SOURCE] [RUNS]
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const targets = { performance: 0, accessibility: 100, "best-practices": 100, seo: 100 };

// The last two are told to search engines not to be listed, which is what the one audit
// that is left out would blame them for.
const pages = [
  ["forside", "/"],
  ["regelside", "/fonden/beloeb/"],
  ["pulje", "/fonden/puljer/akademikere/"],
  ["selvtjek, start", "/selvtjek/kan-jeg-soege/"],
  ["skabelon", "/skabeloner/udviklingsplan/"],
  ["liste med filter", "/initiativer/"],
  ["selvtjek, spørgsmål", "/selvtjek/kan-jeg-soege/pulje/", ["is-crawlable"]],
  ["søgning", "/soeg/?q=mus", ["is-crawlable"]],
];

async function serve(binary, source) {
  const child = spawn(binary, ["serve", "--addr", "127.0.0.1:0", "--source", source, "--date", "2026-11-22"], { stdio: ["ignore", "pipe", "inherit"] });
  const base = await new Promise((found, failed) => {
    createInterface({ input: child.stdout }).once("line", found);
    child.once("exit", (code) => failed(new Error(`kompas serve ended with ${code}`)));
  });
  return { base: base.replace(/\/$/, ""), stop: () => child.kill("SIGTERM") };
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

// audit is one run. The browser now and then loses the beginning of a trace on a busy machine:
// what Lighthouse then asks for is another run.
async function audit(url, port, skipAudits, left = 4) {
  const { lhr } = await lighthouse(url, { port, logLevel: "error", onlyCategories: Object.keys(targets), skipAudits, disableFullPageScreenshot: true });
  if (!lhr.runtimeError) return lhr;
  if (!left) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  console.error(`${url}: ${lhr.runtimeError.code}, run again`);
  return audit(url, port, skipAudits, left - 1);
}

// measure gives the medians of a page, and what cost it points.
async function measure(url, port, skipAudits, runs) {
  const results = [];
  while (results.length < runs) results.push(await audit(url, port, skipAudits));
  const lost = new Map();
  for (const lhr of results)
    for (const category of Object.keys(targets))
      for (const { id, weight } of lhr.categories[category].auditRefs) {
        const audit = lhr.audits[id];
        if (weight && audit.score !== null && audit.score < 0.9) lost.set(id, `${category}: ${id} ${audit.displayValue ?? ""} ${(audit.details?.items ?? []).map((item) => item.node?.snippet ?? item.description ?? "").join(" ")}`);
      }
  const scores = Object.fromEntries(Object.keys(targets).map((id) => [id, Math.round(100 * median(results.map((r) => r.categories[id].score)))]));
  const ms = (id) => Math.round(median(results.map((r) => r.audits[id].numericValue)));
  return { scores, lcp: ms("largest-contentful-paint"), tbt: ms("total-blocking-time"), cls: median(results.map((r) => r.audits["cumulative-layout-shift"].numericValue)), lost: [...lost.values()] };
}

const [binary, source = ".", runs = "3"] = process.argv.slice(2);
if (!binary) {
  console.error("usage: node .ci/lighthouse/run.mjs PATH-TO-KOMPAS [SOURCE] [RUNS]");
  process.exit(2);
}
const site = await serve(binary, source);
const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
let short = 0;
try {
  console.log("| side | ydeevne | tilgængelighed | god skik | SEO | største element (LCP) | blokeret (TBT) | flytter sig (CLS) |\n|---|---:|---:|---:|---:|---:|---:|---:|");
  for (const [name, path, skip = []] of pages) {
    const m = await measure(site.base + path, chrome.port, skip, Number(runs));
    console.log(`| ${name} \`${path}\` | ${Object.values(m.scores).join(" | ")} | ${m.lcp} ms | ${m.tbt} ms | ${m.cls.toFixed(3)} |`);
    for (const [id, least] of Object.entries(targets)) if (m.scores[id] < least) short++;
    for (const line of m.lost) console.error(`${path}: ${line}`);
  }
} finally {
  chrome.kill();
  site.stop();
}
if (short) console.error(`${short} scores are below their target`);
process.exitCode = short ? 1 : 0;
