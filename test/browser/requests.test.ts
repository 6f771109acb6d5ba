import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInChromium } from "../support/chromium.ts";
import { type BrowserDesk, startDesk, takeScreenshots, expectAccessible, expectNoSidewaysScroll } from "./desk.ts";

describeInChromium("the list of requests", () => {
  let desk: BrowserDesk;
  beforeAll(async () => {
    desk = await startDesk({ settings: { pendingMs: "never" } });
  });
  afterAll(() => desk?.close());

  test("empty", async () => {
    const page = await desk.open("/");
    await takeScreenshots(page, "requests-empty");
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.close();
  });
  test("full", async () => {
    const urls = Array.from({ length: 58 }, (_, i) => `https://ik.imagekit.io/demo/tr:w-${i},h-400,fo-auto/catalog/autumn-2026/womens-shoes/runner-${i}-front.jpg`);
    await desk.api("/api/purges", { urls, reason: "New photos for the autumn campaign, second delivery of the studio in Lisbon, all sizes and both languages" });
    await desk.api("/api/purges", { urls: ["https://ik.imagekit.io/demo/catalog/winter/*", "https://ik.imagekit.io/demo/a.jpg?tr=w-100&v=2", `https://ik.imagekit.io/demo/${"long/".repeat(100)}end.jpg`, "https://ik.imagekit.io/demo/%3Cscript%3Ealert(1)%3C/script%3E.jpg"], reason: "<b>x</b>" });
    desk.imagekit.control.complete(urls[3]);
    const page = await desk.open("/");
    await takeScreenshots(page, "requests-full");
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.goto(`${desk.url}/?state=nonsense&actor=admin-actor&q=catalog&month=2026-11`);
    await takeScreenshots(page, "requests-filtered");
    await expectAccessible(page);
    await page.goto(`${desk.url}/?state=completed&q=zzz`);
    await takeScreenshots(page, "requests-no-match");
    await page.close();
  });
});
