// Starts `kompas serve` on the real content and a Chromium to look at it with. Shared by
// the tests beside it.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

export async function startSite(binary, source) {
  const child = spawn(binary, ["serve", "--addr", "127.0.0.1:0", "--source", source, "--date", "2026-11-22"], { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise((found, failed) => {
    createInterface({ input: child.stdout }).once("line", found);
    child.once("exit", (code) => failed(new Error(`kompas serve ended with ${code}`)));
  });
  return { base: line.replace(/\/$/, ""), stop: () => child.kill("SIGTERM") };
}

export const startBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

// openPage opens an address in a context of its own. What the page complains of, or asks
// of other places than home, gathers in its troubles.
export async function openPage(browser, base, at, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.troubles = [];
  page.on("console", (m) => m.type() === "error" && page.troubles.push(m.text()));
  page.on("pageerror", (e) => page.troubles.push(String(e)));
  page.on("request", (r) => r.url().startsWith(base) || page.troubles.push("asks for " + r.url()));
  await page.goto(base + at);
  return page;
}

const axe = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"];

// look gives what is wrong with the page as it stands, folded parts opened.
export async function look(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => axe.run(document, { runOnly: tags }).then((r) => r.violations.map((v) => `${v.id} ${v.nodes[0].target}`)), rules);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > page.viewportSize().width) found.push(`${width} px wide`);
  return found;
}
