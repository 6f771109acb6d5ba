import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { sharedChromium } from "../support/launch-chromium.ts";

type Shared = { readonly browser: Browser; readonly context: BrowserContext; readonly anchor: Page };

const shared = new Map<string, Shared>();
/** Those that a test has used since they were last emptied. */
const used = new Set<Shared>();

/**
 * The context of all pages of this process that are opened with these options. Its pages share one process of Chromium, which
 * the anchor, a page that is never closed, keeps alive: starting a process for a page takes as long as the page itself.
 */
export async function sharedContext(options: BrowserContextOptions): Promise<BrowserContext> {
  const browser = await sharedChromium();
  const key = JSON.stringify({ javaScriptEnabled: true, ...options });
  let found = shared.get(key);
  if (found?.browser !== browser) {
    const context = await browser.newContext(options);
    found = { browser, context, anchor: await context.newPage() };
    shared.set(key, found);
  }
  used.add(found);
  return found.context;
}

/** Closes every page and every other context. What pages of this origin stored, and what a test set, is gone. */
export async function emptyContexts(origin: string): Promise<void> {
  const kept = new Set([...shared.values()].map(({ context }) => context));
  for (const context of (await sharedChromium()).contexts()) if (!kept.has(context)) await context.close();
  for (const { context, anchor } of used) {
    for (const page of context.pages()) if (page !== anchor) await page.close();
    await context.clearCookies();
    await context.clearPermissions();
    await context.setOffline(false);
    const devTools = await context.newCDPSession(anchor);
    await devTools.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
    await devTools.detach();
  }
  used.clear();
}
