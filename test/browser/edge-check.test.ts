import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { StagedEnd } from "../../src/local/imagekit/cdn/stage.ts";
import { describeDashboard } from "./dashboard.ts";
import { look } from "./look.ts";
import { impatient, submitTo, textOf, urlOf } from "./submitting.ts";

const options = {
  env: { PURGE_EDGE_CHECK: "on", PURGE_REPEAT_LIMIT: "off" },
  settings: { uploads: "before-each-purge", pendingMs: 4_000 },
} as const;

/** On a phone no heading or value of the two readings runs into the column beside it. */
async function expectNothingCutInReadings(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 740 });
  const cells = "[...document.querySelectorAll('.readings :is(th, td)')]";
  const tooWide = `${cells}.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent)`;
  await expect.poll(() => page.evaluate(tooWide)).toEqual([]);
  await page.setViewportSize({ width: 1_280, height: 800 });
}

describeDashboard("what the CDN serves after a purge", options, (dashboard) => {
  /** Lets time pass until all that this page shows is checked: reading it makes what is due. */
  async function untilChecked(page: Page): Promise<void> {
    const open = page.locator(".edge.waiting, .pill.state:is(.sending, .pending)");
    const passes = [60, 6, 61][Symbol.iterator]();
    // A sweep may be about a purge while the page is read: then the next reading shows it.
    await expect
      .poll(async () => {
        dashboard.passTime((passes.next().value ?? 301) * 1_000);
        await page.reload();
        return open.count();
      }, impatient)
      .toBe(0);
  }

  /** Lets time pass until this page says so without a reload. It looks first, so that no state passes unseen. */
  async function untilSeen(page: Page, words: string): Promise<void> {
    await expect
      .poll(async () => {
        if (await page.getByText(words).isVisible()) return true;
        dashboard.passTime(6_000);
        await page.clock.fastForward(6_000);
        return false;
      }, impatient)
      .toBe(true);
  }

  async function batchOf(ends: readonly StagedEnd[]) {
    const nameOf = (end: StagedEnd) => `autumn/${end}.jpg`;
    for (const end of ends) dashboard.imagekit.control.cdn.stage(urlOf(nameOf(end)), end);
    const changedAt = new Date(dashboard.now()).toISOString();
    return submitTo(dashboard, ends.map(nameOf), { reason: "autumn photos", changedAt });
  }

  test("one click replaces the sample image, and the purge's page turns fresh without a reload", async () => {
    const page = await dashboard.open("/", "admin", { isAlone: true });
    await page.clock.install();
    await page.getByRole("link", { name: "Try it with a sample image" }).click();
    await look(page, "sample");
    await page.getByRole("button", { name: "Replace the image" }).click();
    await page.waitForURL(/\/purges\/p_/);
    await untilSeen(page, "Purge Desk reads at the CDN");
    await untilSeen(page, "A new image is served");
    await look(page, "purge-fresh");

    await page.getByRole("link", { name: "Try it with a sample image" }).click();
    await expect.poll(() => textOf(page)).toContain("Uploaded: version 2");
  });

  test("a purge before the upload is told from a new image, in one more click", async () => {
    const page = await dashboard.open("/sample");
    await page.getByRole("button", { name: "Purge before the upload" }).click();
    await page.waitForURL(/\/purges\/p_/);
    await untilChecked(page);
    await expect.poll(() => textOf(page)).toContain("Same image as before");
    await look(page, "purge-unchanged");
  });

  test("a batch shows what was seen line by line, and the stale one can be purged again for its price", async () => {
    const ends = ["fresh", "unchanged", "stale", "gone", "not-allowed", "no-fingerprint"] as const;
    const { path } = await batchOf(ends);
    const page = await dashboard.open(path);
    await untilChecked(page);
    const lines = page.getByRole("listitem").filter({ has: page.locator("summary") });
    const labels = [
      "New image served",
      "Same image as before",
      "Old copy still served",
      "Image is gone",
      "Could not be checked",
      "New copy served",
    ];
    for (const [index, label] of labels.entries()) {
      await expect.poll(() => lines.nth(index).textContent()).toContain(label);
    }
    await look(page, "batch-checked");

    await page.getByRole("button", { name: "Purge it again for 1 unit" }).click();
    await page.waitForURL(/\/new/);
    await expect
      .poll(() => page.getByLabel("Images or URLs, one per line").inputValue())
      .toMatch(/\/stale\.jpg$/);
    await page.getByRole("button", { name: /^Submit/ }).click();
    await page.waitForURL(/\/batches\//);
    await untilChecked(page);
    await expect.poll(() => textOf(page)).toContain("1 new image served");
  });

  test("the page of a stale purge has the evidence, and an admin ends its alarm", async () => {
    const { purge } = await batchOf(["stale"]);
    const page = await dashboard.open(purge);
    await untilChecked(page);
    await page.getByText("Or ask ImageKit’s support").click();
    await look(page, "purge-stale");
    await expectNothingCutInReadings(page);
    await expect.poll(() => textOf(page)).toMatch(/the CDN still serves the old copy of its URL/);
    await page.goto(`${dashboard.url}/health`);
    await expect.poll(() => textOf(page)).toContain("An old image is still served after its purge");
    await look(page, "health-stale");
    await page.getByRole("link", { name: "Show the stale ones" }).click();
    await page.getByRole("row").filter({ hasText: "stale.jpg" }).getByRole("link").first().click();
    await page.locator(".confirm summary", { hasText: "Close" }).click();
    await page.getByRole("button", { name: "Yes, close it" }).click();
    await page.getByText("It is no longer an alarm").waitFor();
  });

  test("the list marks what was seen, and keeps what is not proven fresh with one choice", async () => {
    const { path } = await batchOf(["fresh", "stale", "gone", "unchanged"]);
    const page = await dashboard.open(path);
    await untilChecked(page);
    await page.goto(`${dashboard.url}/`);
    await look(page, "requests-checked");
    await page.getByLabel("Seen at the CDN").selectOption("Not proven fresh");
    await page.waitForURL(/edge=unproven/);
    const rows = page.locator(".request-row");
    await expect.poll(() => rows.filter({ hasText: /(fresh|gone)\.jpg/ }).count()).toBe(0);
    await expect.poll(() => rows.filter({ hasText: /stale\.jpg/ }).count()).toBeGreaterThan(0);
  });

  test("without the script the sample, the readings and the filter work too", async () => {
    const page = await dashboard.open("/sample", "admin", { javaScriptEnabled: false });
    await page.getByLabel("What the purge of another image ends in").selectOption({ value: "gone" });
    await page.getByRole("button", { name: "Purge it" }).click();
    await untilChecked(page);
    await expect.poll(() => textOf(page)).toContain("What the CDN serves");
    await page.goto(`${dashboard.url}/`);
    await page.getByLabel("Seen at the CDN").selectOption("Image is gone");
    await page.getByRole("button", { name: "Filter" }).click();
    await expect.poll(() => textOf(page)).toContain("/sample/gone.jpg");
  });
});
