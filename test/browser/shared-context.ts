import type { BrowserContext, Page } from "playwright-core";
import { sharedChromium } from "../support/launch-chromium.ts";

let shared: { readonly context: BrowserContext; readonly anchor: Page } | undefined;

/**
 * The context of all pages of this process that need no options of their own. Its pages share one process of Chromium, which
 * the anchor, a page that is never closed, keeps alive: starting a process for each page took a fifth of the processor's time.
 */
export async function sharedContext(): Promise<BrowserContext> {
  const browser = await sharedChromium();
  if (shared?.context.browser() !== browser) {
    const context = await browser.newContext();
    shared = { context, anchor: await context.newPage() };
  }
  return shared.context;
}

/** Closes every page and every other context. What pages of this origin stored, and what a test set, is gone. */
export async function emptyContexts(origin: string): Promise<void> {
  for (const context of (await sharedChromium()).contexts()) {
    if (context !== shared?.context) await context.close();
  }
  if (shared === undefined) return;
  const { context, anchor } = shared;
  for (const page of context.pages()) if (page !== anchor) await page.close();
  await context.clearCookies();
  await context.clearPermissions();
  await context.setOffline(false);
  const devTools = await context.newCDPSession(anchor);
  await devTools.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
  await devTools.detach();
}
