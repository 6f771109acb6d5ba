import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/**
 * The headless shell is the same engine without the browser's window: a page opens in a third of the time, and a window
 * is what no test looks at.
 */
const paths = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** The path of the system's Chromium, if it is installed. */
export function installedChromium(): string | undefined {
  return paths.find((path) => existsSync(path));
}

let shared: Browser | undefined;

/**
 * One browser for all test files of this process, with which it ends. Whoever uses it closes its contexts: they share
 * nothing with those of others. It lays pages out and paints none, unless pictures are taken: nobody looks at them, and
 * painting took a third of the time that a page loads in.
 */
export async function sharedChromium(): Promise<Browser> {
  if (!shared?.isConnected()) {
    shared = await launchChromium(process.env["PURGE_DESK_SCREENSHOTS"] === "1" ? [] : [withoutPainting]);
  }
  return shared;
}

/** The first four are Playwright's own, a mouse: the last switch of a name replaces the others. */
const withoutPainting =
  "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4," +
  "acceleratedCompositingEnabled=false";

/** The system's Chromium, headless, without background requests to the network. Pages of one context share a process. */
export function launchChromium(more: readonly string[] = []): Promise<Browser> {
  const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];
  return chromium.launch({
    executablePath: installedChromium() ?? "chromium",
    args: [...flags, "--disable-sync", "--renderer-process-limit=1", ...more],
  });
}
