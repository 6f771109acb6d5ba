import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compose, startImageKit } from "../../src/local/compose.ts";
import { runLocal } from "../../src/local/run-local.ts";
import { describeInChromium } from "../support/chromium.ts";
import { sharedChromium } from "../support/launch-chromium.ts";

/** Each violation with the elements that show it. */
const violations = `axe.run().then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`;

describeInChromium("the docs page in Chromium", () => {
  let local: Awaited<ReturnType<typeof runLocal>>;
  let browser: Browser;
  beforeAll(async () => {
    local = await runLocal({ env: { PORT: "0" }, compose, startImageKit, onError: () => undefined });
    browser = await sharedChromium();
  });
  afterAll(async () => {
    await local?.close();
  });

  test.each(["light", "dark"] as const)(
    "the API docs in %s obey their own security policy, ask no other host, and are accessible",
    async (colorScheme) => {
      const page = await browser.newPage({
        colorScheme,
        viewport: { width: 360, height: 740 },
        bypassCSP: false,
      });
      const complaints: string[] = [];
      const hosts = new Set<string>();
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      page.on("request", (request) => hosts.add(new URL(request.url()).origin));
      await page.goto(`${local.url}/api/docs`);
      expect(await page.title()).toBe("Purge Desk API");
      expect(complaints).toEqual([]);
      expect([...hosts]).toEqual([new URL(local.url).origin]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);

      // Evaluated by the debugger, which the page's policy does not bind.
      await page.evaluate(axe.source);
      const found = await page.evaluate(violations);
      expect(found).toEqual([]);
      await page.close();
    },
  );
});
