import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Half the bytes of the source that the package exports. */
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const axePath = "/assets/axe.min.js";

/** What a theme can break: it changes colours, and nothing else. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];

/** The first lines of a list stand for all: more lines than these cost seconds, and are made by the same code. */
const laterLines = ["#lines > li", ".line-verdict", ".request-row"].map(
  (line) => `${line}:nth-child(n + 25)`,
);

/** Serves axe beside the dashboard's own files. Chromium compiles a file once, for all pages of a process. */
export function serveAxe(request: Request): Response | undefined {
  if (new URL(request.url).pathname !== axePath) return undefined;
  return new Response(axe, {
    headers: { "Content-Type": "text/javascript", "Cache-Control": "max-age=3600" },
  });
}

/** Holds the page against axe's rules. */
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
  await loadAxe(page);
  // Without `preload` axe does not fetch styles and media anew: only a rule in trial and one without violations want them.
  const runOptions: RunOptions = { ...options, resultTypes: ["violations"], preload: false };
  // In the middle of a transition a colour is none that anyone reads. An animation without an end cannot be finished.
  const found = await page.evaluate<readonly string[]>(`
    for (const animation of document.getAnimations()) {
      if (animation.effect.getComputedTiming().endTime !== Infinity) animation.finish();
    }
    axe.run({ exclude: ${JSON.stringify(laterLines)} }, ${JSON.stringify(runOptions)}).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`);
  expect(found, found.join("\n")).toEqual([]);
}

/** Where the page cannot load a file of the dashboard, the debugger evaluates axe. That takes three times as long. */
async function loadAxe(page: Page): Promise<void> {
  const how = await page.evaluate<"loaded" | "file" | "debugger">(`
    "axe" in window ? "loaded"
      : document.querySelector("link[href^='/assets/']") && navigator.onLine
        ? "file" : "debugger"`);
  if (how === "file") await page.addScriptTag({ url: axePath });
  if (how === "debugger") await page.evaluate(`${axe}; undefined`);
}
