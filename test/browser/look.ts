import { mkdir } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { expectAccessibleInBothThemes } from "./accessible.ts";

/** Looked at by people as files, by axe in both themes, and on a phone. */
export async function look(page: Page, name: string): Promise<void> {
  await takeScreenshots(page, name);
  await expectAccessibleInBothThemes(page);
  await expectNoSidewaysScroll(page);
}

/**
 * The page in light and dark, wide and on a phone, as files below artifacts/ to be looked at. Only on demand: no test reads
 * them, and the four of one page take 3 s.
 */
export async function takeScreenshots(page: Page, name: string): Promise<void> {
  if (process.env["PURGE_DESK_SCREENSHOTS"] !== "1") return;
  await mkdir("artifacts/screens", { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: width === 360 ? 740 : 800 });
      await page.screenshot({
        path: `artifacts/screens/${name}-${colorScheme}-${width}.png`,
        fullPage: true,
      });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** On a phone nothing hangs over the edge. */
export async function expectNoSidewaysScroll(page: Page, width = 360): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: 740 });
  await expect.poll(() => page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  if (before !== null) await page.setViewportSize(before);
}
