// Starts `kompas serve` on the real content and a Chromium to look at it with.
import { spawn } from "node:child_process";
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
