import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Half the bytes of the source that the package exports: each page that is checked compiles it anew. */
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What a theme can break: it changes colours, and nothing else. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];

/** Holds the page against axe's rules; evaluated by the debugger, which the page's policy does not bind. */
export function expectAccessible(page: Page): Promise<void> {
  return expectNoViolations(page, {});
}

/** The same in light and in dark. The page stays dark. */
export async function expectAccessibleInBothThemes(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await expectNoViolations(page, { runOnly: rulesOfColour });
}

async function expectNoViolations(page: Page, options: RunOptions): Promise<void> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(`${axe}; undefined`);
  // In the middle of a transition a colour is none that anyone reads. An animation without an end cannot be finished.
  const found = await page.evaluate<readonly string[]>(`
    for (const animation of document.getAnimations()) {
      if (animation.effect.getComputedTiming().endTime !== Infinity) animation.finish();
    }
    axe.run(${JSON.stringify({ ...options, resultTypes: ["violations"] })}).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`);
  expect(found, found.join("\n")).toEqual([]);
}
