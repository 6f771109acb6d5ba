import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compose, startImageKit } from "../../src/local/compose.ts";
import { runLocal } from "../../src/local/run-local.ts";
import { describeInChromium } from "../support/chromium.ts";
import { sharedChromium } from "../support/launch-chromium.ts";
import { expectAccessibleInBothThemes } from "./accessible.ts";
import { expectNoSidewaysScroll } from "./look.ts";

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

  test("the API docs obey their own security policy, ask no other host, and are accessible on a phone", async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 740 }, bypassCSP: false });
    const complaints: string[] = [];
    const hosts = new Set<string>();
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await page.goto(`${local.url}/api/docs`);
    expect(await page.title()).toBe("Purge Desk API");
    await expectNoSidewaysScroll(page);
    await expectAccessibleInBothThemes(page);
    expect(complaints).toEqual([]);
    expect([...hosts]).toEqual([new URL(local.url).origin]);
    await page.close();
  });
});
