// Starts `kompas serve` on the real content and a Chromium to look at it with.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

export async function startSite(binary = process.env.KOMPAS, source = new URL("../..", import.meta.url).pathname) {
  const child = spawn(binary, ["serve", "--addr", "127.0.0.1:0", "--source", source, "--date", "2026-11-22"], { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise((found, failed) => {
    createInterface({ input: child.stdout }).once("line", found);
    child.once("exit", (code) => failed(new Error(`kompas serve ended with ${code}`)));
  });
  return { base: line.replace(/\/$/, ""), stop: () => child.kill("SIGTERM") };
}

export const startBrowser = (...args) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...args],
  });

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
  spoergsmaal: "/selvtjek/kan-jeg-soege/sektor/",
  udfald: "/selvtjek/kan-jeg-soege/udfald/ja-co10/",
  skabelon: "/skabeloner/mus-leder/",
  tal: "/fonden/tal/",
  soegning: "/soeg/?q=rotation",
};

export const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
