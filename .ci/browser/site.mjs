// Starts `kompas serve` on the real content and a Chromium to look at it with.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

export const startSite = (binary = process.env.KOMPAS, source = new URL("../..", import.meta.url).pathname) =>
  start(binary, "serve", "--addr", "127.0.0.1:0", "--source", source, "--date", "2026-11-22");

// startBuild serves what `kompas build` made, as in production.
export const startBuild = (dir, binary = process.env.KOMPAS) => start(binary, "bench", "--serve", dir);

async function start(binary, ...args) {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise((found, failed) => {
    createInterface({ input: child.stdout }).once("line", found);
    child.once("exit", (code) => failed(new Error(`kompas ${args[0]} ended with ${code}`)));
  });
  return { base: line.replace(/\/$/, ""), stop: () => child.kill("SIGTERM") };
}

export const startBrowser = (...args) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...args],
  });

// serveFolder serves a folder as the plainest web server would: files, index.html,
// 404.html, and the headers it is told to send.
export async function serveFolder(dir, headers = {}) {
  const server = createServer((request, answer) => {
    const at = decodeURIComponent(new URL(request.url, "http://x").pathname);
    const file = join(dir, normalize(at), at.endsWith("/") ? "index.html" : "");
    const send = (status, name) => answer.writeHead(status, { "Content-Type": mediaTypes[extname(name)] ?? "application/octet-stream", ...headers }).end(readFileSync(name));
    if (existsSync(file) && statSync(file).isDirectory()) answer.writeHead(301, { Location: at + "/" }).end();
    else if (existsSync(file)) send(200, file);
    else send(404, join(dir, "404.html"));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { base: `http://127.0.0.1:${server.address().port}`, stop: () => (server.close(), server.closeAllConnections()) };
}

// startCopy puts the site in a folder with `kompas deploy`, and serves it.
export async function startCopy(headers = {}, binary = process.env.KOMPAS, source = new URL("../..", import.meta.url).pathname) {
  const dir = mkdtempSync(join(tmpdir(), "kompas-kopi-"));
  const server = await serveFolder(join(dir, "www"), headers);
  const run = (...args) => execFileSync(binary, args, { cwd: dir, stdio: ["ignore", "ignore", "inherit"] });
  run("build", "--source", source, "--date", "2026-11-22", "--base-url", server.base);
  run("deploy", "www", "--date", "2026-11-22");
  return { base: server.base, build: join(dir, "build"), stop: () => (server.stop(), rmSync(dir, { recursive: true })) };
}

const mediaTypes = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".json": "application/json", ".xml": "application/xml", ".atom": "application/atom+xml", ".rss": "application/rss+xml", ".ics": "text/calendar", ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".txt": "text/plain" };

// open gives a page of the site; page.troubles gathers console errors and requests to others.
export async function open(browser, site, at, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.troubles = [];
  page.on("console", (m) => m.type() === "error" && page.troubles.push(m.text()));
  page.on("pageerror", (e) => page.troubles.push(String(e)));
  page.on("request", (r) => r.url().startsWith(site.base) || page.troubles.push("asks for " + r.url()));
  await page.goto(site.base + at);
  return page;
}

const html = (r) => r.ok && (r.headers.get("content-type") ?? "").startsWith("text/html");

// crawl gives the HTML of every page by address: the sitemap's, and all that a link leads
// to, so the questions and outcomes of the self-checks too. Plus what no link leads to.
export async function crawl(site) {
  const xml = await (await fetch(site.base + "/sitemap.xml")).text();
  const listed = [...xml.matchAll(/<loc>https?:\/\/[^/]+([^<]*)<\/loc>/g)].map((m) => m[1]);
  const pages = new Map();
  const queue = [...listed, "/soeg/", "/soeg/?q=beloeb", "/soeg/?q=xyzzyq"];
  const seen = new Set(queue);
  const work = async () => {
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      const answer = await fetch(site.base + at);
      if (!html(answer) || answer.redirected) continue;
      const text = await answer.text();
      pages.set(at, text);
      for (const [, to] of text.matchAll(/ href="?([^"\s>]+)/g)) {
        const link = to.startsWith("/") && !to.startsWith("//") ? to.replace(/[#?].*/, "") : "";
        if (link && !seen.has(link)) seen.add(link), queue.push(link);
      }
    }
  };
  await work();
  pages.set("/findes-ikke/", await (await fetch(site.base + "/findes-ikke/")).text());
  return pages;
}

// each runs look(page, address) on every address, in several tabs of one browser.
export async function each(browser, site, addresses, options, look, tabs = 3) {
  const queue = [...addresses];
  const work = async () => {
    const page = await open(browser, site, "/", options);
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      page.troubles.length = 0;
      await page.goto(site.base + at);
      await look(page, at);
    }
    await page.context().close();
  };
  await Promise.all(Array.from({ length: tabs }, work));
}

// One page of each type, for what need not be tried on all.
export const types = {
  forside: "/",
  opgave: "/fonden/ansoegning/",
  pulje: "/fonden/puljer/co10/",
  register: "/fonden/puljer/",
  sammenligning: "/fonden/sammenlign/",
  spoergsmaal: "/selvtjek/kan-jeg-soege/sektor/",
  udfald: "/selvtjek/kan-jeg-soege/udfald/ja-co10/",
  skabelon: "/skabeloner/mus-leder/",
  tal: "/fonden/tal/",
  soegning: "/soeg/?q=rotation",
};

export const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
