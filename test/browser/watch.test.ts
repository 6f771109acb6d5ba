import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { SettingsChange } from "../../src/local/imagekit/settings.ts";
import { tokens } from "../support/app.ts";
import { describeInChromium } from "../support/chromium.ts";
import {
  type BrowserDesk,
  expectAccessible,
  expectNoSidewaysScroll,
  startDesk,
  takeScreenshots,
} from "./desk.ts";

describeInChromium("watching", () => {
  let desk: BrowserDesk;
  beforeAll(async () => {
    desk = await startDesk({ settings: { pendingMs: "never" } });
  });
  afterEach(() => desk.imagekit.control.clearFaults());
  afterAll(() => desk?.close());

  const change = (settings: SettingsChange) => desk.imagekit.control.change(settings);
  const urlOf = (name: string) => `https://ik.imagekit.io/demo/${name}`;
  const submit = async (names: readonly string[], more: object = {}, as: keyof typeof tokens = "admin") => {
    const answer = await fetch(`${desk.url}/api/purges`, {
      method: "POST",
      headers: { Authorization: `Bearer ${tokens[as]}`, "Content-Type": "application/json" },
      body: JSON.stringify({ urls: names.map(urlOf), ...more }),
    });
    expect(answer.status).toBe(202);
    const batch = await answer.json();
    return { path: `/batches/${batch.id}`, purge: `/purges/${batch.purges[0].id}` } as const;
  };
  const textOf = (page: Page) => page.getByRole("main").textContent();

  async function look(page: Page, name: string) {
    await takeScreenshots(page, `watch-${name}`);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
    }
    await expectNoSidewaysScroll(page);
  }

  test.each([true, false])(
    "a batch from accepted to Completed, in plain words (script: %s)",
    async (javaScriptEnabled) => {
      const names = [`a-${javaScriptEnabled}.jpg`, `tr:w-400,h-300/autumn/shoe-${javaScriptEnabled}.jpg`];
      const { path, purge } = await submit(names, { reason: "new autumn photo" });
      const page = await desk.open(path, "read", { javaScriptEnabled });
      expect(await textOf(page)).toContain("0 of 2 completed");
      desk.imagekit.control.complete();
      await expect
        .poll(async () => (await page.reload()) && textOf(page), { timeout: 30_000, interval: 1_000 })
        .toContain("2 of 2 completed");
      await page.locator("#line-1 summary").first().click();
      const line = page.locator("#line-1");
      await expect
        .poll(() => line.textContent())
        .toMatch(/ImageKit accepted it at .*, checked .*, Completed at /);
      expect(await line.getByRole("listitem").count()).toBeGreaterThan(2);
      if (javaScriptEnabled) await look(page, "completed");
      await line.getByRole("link", { name: "All about this purge" }).click();
      await page.waitForURL(`${desk.url}${purge}`);
      expect(await textOf(page)).toContain("ImageKit’s request id");
      expect(await page.getByRole("button", { name: "Copy" }).isVisible()).toBe(javaScriptEnabled);
      if (javaScriptEnabled) await look(page, "purge-completed");
      await page.context().close();
    },
  );

  test("each fault on screen, line by line, and what comes next", async () => {
    desk.imagekit.control.addFaults(
      {
        endpoint: "send",
        kind: 400,
        urlContains: "refused",
        message: "The URL is not valid for cache purging.",
      },
      { endpoint: "send", kind: "reset-after-processing", urlContains: "lost" },
      { endpoint: "send", kind: 429, urlContains: "storm", times: "forever", resetMs: 60_000 },
    );
    const { path } = await submit([
      "fine.jpg",
      "refused.jpg",
      "fine.jpg",
      "lost.jpg",
      "catalogue/2026/storm.jpg",
      "catalogue/2026/autumn/*",
      "catalogue/2026/autumn/covered.jpg",
    ]);
    const page = await desk.open(path);
    const line = (number: number) => page.locator(`#line-${number}`);
    for (const number of [2, 4, 5]) await line(number).locator("summary").first().click();
    expect(await line(2).textContent()).toContain("ImageKit refused it: 400: The URL is not valid");
    expect(await line(3).textContent()).toContain("same as line 1");
    expect(await line(4).textContent()).toContain("ImageKit may have it or not");
    expect(await line(4).textContent()).toMatch(/It is resent by itself at .*, once, for one more unit/);
    expect(await line(5).textContent()).toContain("ImageKit asked to slow down (429)");
    expect(await line(5).textContent()).toContain("ImageKit asked for a pause until");
    expect(await line(7).textContent()).toContain("see line 6");
    await look(page, "faults");
    await page.getByRole("link", { name: /Only what is not completed/ }).click();
    expect(await page.getByRole("list", { name: "Lines" }).count()).toBe(1);
    await page.context().close();
  });
});
