import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createLedger } from "../../src/ledger/ledger.ts";
import { nameTargets } from "../../src/name-targets.ts";
import { planLines } from "../../src/rules/plan.ts";
import { createServices } from "../../src/services.ts";
import { systemClock } from "../../src/time.ts";
import { configOf, environmentOfTests, tokens } from "../support/app.ts";
import { describeInChromium } from "../support/chromium.ts";
import { type RedisBackend, startBackend } from "../support/ledger-backends.ts";
import {
  type BrowserDesk,
  expectAccessible,
  expectNoSidewaysScroll,
  startDesk,
  takeScreenshots,
} from "./desk.ts";

const urlOf = (name: string) => `https://ik.imagekit.io/demo/${name}`;
const textOf = (page: Page) => page.getByRole("main").textContent();

/** Submits as that token, and gives where batch and first purge are shown. */
async function submitTo(
  desk: BrowserDesk,
  names: readonly string[],
  { as = "admin", ...more }: { readonly as?: keyof typeof tokens; readonly [field: string]: unknown } = {},
) {
  const answer = await fetch(`${desk.url}/api/purges`, {
    method: "POST",
    headers: { Authorization: `Bearer ${tokens[as]}`, "Content-Type": "application/json" },
    body: JSON.stringify({ urls: names.map(urlOf), ...more }),
  });
  expect(answer.status).toBe(202);
  const batch = await answer.json();
  return { path: `/batches/${batch.id}`, purge: `/purges/${batch.purges[0].id}` } as const;
}

/** Looked at by people as files, by axe in both themes, and on a phone. */
async function look(page: Page, name: string) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await takeScreenshots(page, `watch-${name}`);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await expectNoSidewaysScroll(page);
}

describeInChromium("watching", () => {
  let desk: BrowserDesk;
  beforeAll(async () => {
    desk = await startDesk({ settings: { pendingMs: "never" } });
  });
  afterEach(() => desk.imagekit.control.clearFaults());
  afterAll(() => desk?.close());

  test.each([true, false])(
    "a batch from accepted to Completed, in plain words (script: %s)",
    async (javaScriptEnabled) => {
      const names = [`a-${javaScriptEnabled}.jpg`, `tr:w-400,h-300/autumn/shoe-${javaScriptEnabled}.jpg`];
      const { path, purge } = await submitTo(desk, names, { reason: "new autumn photo" });
      const page = await desk.open(path, "read", { javaScriptEnabled });
      expect(await textOf(page)).toContain("0 of 2 completed");
      expect(await page.getByText("Reload the page").isVisible()).toBe(!javaScriptEnabled);
      desk.imagekit.control.complete();
      await expect
        .poll(async () => (await page.reload()) && textOf(page), { timeout: 30_000, interval: 1_000 })
        .toContain("2 of 2 completed");
      const line = page.locator("#line-1");
      await line.locator("summary").first().click();
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

  test.each([true, false])(
    "an unknown one is resent and another closed, each with its price (script: %s)",
    async (javaScriptEnabled) => {
      desk.imagekit.control.addFaults({
        endpoint: "send",
        kind: "reset-after-processing",
        urlContains: `doubt-${javaScriptEnabled}`,
        times: 2,
      });
      const names = [`doubt-${javaScriptEnabled}-1.jpg`, `doubt-${javaScriptEnabled}-2.jpg`];
      const { path, purge } = await submitTo(desk, names);
      const page = await desk.open(purge, "admin", { javaScriptEnabled });
      expect(await textOf(page)).toContain("Its unit stays spent either way");
      await page.locator("summary", { hasText: "Resend for 1 unit" }).focus();
      await page.keyboard.press("Enter");
      expect(await page.locator("form").allTextContents()).toContainEqual(
        expect.stringMatching(/It costs 1 unit; \d+ left\./),
      );
      if (javaScriptEnabled) await look(page, "unknown");
      await page.getByRole("button", { name: "Yes, resend for 1 unit" }).press("Enter");
      await page.waitForURL(/done=resent/);
      expect(await textOf(page)).toContain("To be sent once more, for a second unit.");
      if (javaScriptEnabled) await look(page, "resent");

      await page.goto(desk.url + path);
      await page.locator("#line-2 summary").first().press("Enter");
      await page.locator("#line-2").locator("summary", { hasText: "Close" }).press("Enter");
      await page.getByRole("button", { name: "Yes, close it" }).press("Enter");
      await page.waitForURL(/done=closed/);
      expect(await page.locator("#line-2").textContent()).toContain("Closed. What it cost stays spent.");
      if (javaScriptEnabled) await look(page, "closed");
      await page.context().close();
    },
  );

  test("a hang is told while it lasts, and what it leaves behind", { timeout: 90_000 }, async () => {
    desk.imagekit.control.addFaults({ endpoint: "send", kind: "hang", urlContains: "hang" });
    const { purge, path } = await submitTo(desk, ["hang.jpg"]);
    const page = await desk.open(purge);
    expect(await textOf(page)).toContain("ImageKit’s answer is awaited");
    expect(await textOf(page)).toContain("ImageKit has 15 seconds to answer");
    await look(page, "sending");
    await expect
      .poll(async () => (await page.reload()) && textOf(page), { timeout: 60_000, interval: 1_000 })
      .toContain("or never have got it");
    expect(await textOf(page)).toMatch(/It is resent by itself at .*, once, for one more unit/);
    await page.goto(desk.url + path);
    expect(await page.getByRole("progressbar").getAttribute("aria-valuetext")).toBe(
      "0 of 1 completed, 1 unknown",
    );
    await page.context().close();
  });

  test("what is too late is a page that says so, and shows how it is now", async () => {
    desk.imagekit.control.addFaults({
      endpoint: "send",
      kind: "reset-after-processing",
      urlContains: "late",
    });
    await submitTo(desk, ["well.jpg"]);
    const { purge } = await submitTo(desk, ["late.jpg"]);
    const page = await desk.open(purge, "admin", { expected: /409/ });
    await desk.api(`/api${purge}/resend`, {});
    await page.locator("summary", { hasText: "Close" }).press("Enter");
    await page.getByRole("button", { name: "Yes, close it" }).press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain(
      "one can close only what is unknown or overdue",
    );
    await look(page, "conflict");
    await page.context().close();
  });

  test("hostile text stays text", async () => {
    const attack = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;
    const { path, purge } = await submitTo(desk, [`a.jpg?x=${attack}`, `${attack}*x`], {
      reason: attack,
      onInvalid: "skip",
    });
    for (const where of [path, purge]) {
      const page = await desk.open(where);
      page.on("dialog", () => expect.fail("the page ran it"));
      expect(await textOf(page)).toContain("<script>alert(2)</script>");
      expect(await page.locator("main img, main script").count()).toBe(0);
      await expectNoSidewaysScroll(page);
      await page.context().close();
    }
  });

  test("100 lines stay readable, and show only what is open on demand", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `products/2026/autumn/shoe-${index}.jpg`);
    const { path } = await submitTo(desk, names);
    for (const name of names.slice(0, 97)) desk.imagekit.control.complete(urlOf(name));
    const page = await desk.open(path);
    await expect
      .poll(async () => (await page.reload()) && textOf(page), { timeout: 60_000, interval: 1_000 })
      .toContain("97 of 100 completed, 3 pending");
    await look(page, "hundred");
    await page.getByRole("link", { name: "Only what is not completed (3)" }).click();
    await expect.poll(() => page.locator("#lines > li").count()).toBe(3);
    await page.context().close();
  });

  test("a page that is not there says what it may have been", async () => {
    const page = await desk.open("/batches/b_00000000000000000000000000", "read", { expected: /404/ });
    expect(await textOf(page)).toContain("kept for the retention time");
    await page.context().close();
  });
});

describeInChromium("watching a storm of 429", () => {
  let desk: BrowserDesk;
  beforeAll(async () => {
    desk = await startDesk({ settings: { pendingMs: "never" } });
  });
  afterEach(() => desk.imagekit.control.clearFaults());
  afterAll(() => desk?.close());

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
    const names = [
      "fine.jpg",
      "refused.jpg",
      "fine.jpg",
      "lost.jpg",
      "storm.jpg",
      "new/autumn/*",
      "new/autumn/a.jpg",
    ];
    const { path } = await submitTo(desk, [...names, "%00*bad*"], { onInvalid: "skip" });
    const page = await desk.open(path);
    const line = (number: number) => page.locator(`#line-${number}`);
    for (const number of [2, 4, 5]) await line(number).locator("summary").first().click();
    expect(await line(2).textContent()).toContain("ImageKit refused it: 400: The URL is not valid");
    expect(await line(3).textContent()).toContain("same as line 1");
    expect(await line(4).textContent()).toContain("or never have got it");
    expect(await line(4).textContent()).toMatch(/It is resent by itself at .*, once, for one more unit/);
    expect(await line(5).textContent()).toContain("ImageKit asked to slow down (429)");
    expect(await line(5).textContent()).toContain("ImageKit asked for a pause until");
    expect(await line(7).textContent()).toContain("see line 6");
    expect(await line(8).textContent()).toContain("Rejected");
    await look(page, "faults");
    await page.getByRole("link", { name: "1 unknown" }).click();
    await page.waitForURL(/#line-4$/);
    await page.context().close();
  });

  test("what waits for ImageKit's pace is cancelled by keyboard, after a question", async () => {
    desk.imagekit.control.addFaults({ endpoint: "send", kind: 429, times: "forever", resetMs: 60_000 });
    const { path } = await submitTo(desk, ["cancel-1.jpg", "cancel-2.jpg"], { as: "purge" });
    const page = await desk.open(path, "purge");
    await page.locator("#line-2 summary").first().focus();
    await page.keyboard.press("Enter");
    await page.locator("#line-2").getByText("Cancel", { exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#line-2").getByText("Its unit is free again.").waitFor();
    await look(page, "cancel");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/done=cancelled.*#line-2$/);
    const line = page.locator("#line-2");
    expect(await line.textContent()).toContain("Cancelled. It is not sent.");
    expect(await line.locator("details").first().getAttribute("open")).not.toBeNull();
    expect(await page.locator("#line-1 .state").first().textContent()).toBe("Queued");
    await look(page, "cancelled");
    await page.reload();
    expect(await line.textContent()).toContain("Cancelled. It is not sent.");
    await page.context().close();
  });
});

describeInChromium("watching, with a key that ImageKit refuses", () => {
  let desk: BrowserDesk;
  beforeAll(async () => {
    desk = await startDesk();
  });
  afterAll(() => desk?.close());

  test("nothing is sent, nothing is lost, and the alarm says what to check", async () => {
    desk.imagekit.control.addFaults({ endpoint: "send", kind: 401, times: "forever" });
    const { path, purge } = await submitTo(desk, ["blocked.jpg"]);
    const page = await desk.open(purge);
    expect(await textOf(page)).toContain("ImageKit does not accept the private key (401)");
    expect(await textOf(page)).toContain("The next try is at");
    await look(page, "refused-key");
    await page.goto(desk.url + path);
    expect(await page.locator("#line-1 .state").textContent()).toBe("Queued");
    await page.context().close();
  });
});

describeInChromium("watching, without budget", () => {
  let desk: BrowserDesk;
  beforeAll(async () => {
    desk = await startDesk({ env: { PURGE_MONTHLY_QUOTA: "1" } });
  });
  afterAll(() => desk?.close());

  test("what is held says until when, and is cancelled", async () => {
    const { path } = await submitTo(desk, ["now.jpg", "later.jpg"], { onExhausted: "hold" });
    const page = await desk.open(path);
    const line = page.locator("#line-2");
    await line.locator("summary").first().click();
    expect(await line.textContent()).toContain("as soon as a unit is free; the month turns on");
    await look(page, "held");
    await line.getByText("Cancel", { exact: true }).click();
    await line.getByRole("button", { name: "Yes, cancel it" }).click();
    await page.waitForURL(/done=cancelled/);
    expect(await line.locator(".state").first().textContent()).toBe("Cancelled");
    await page.context().close();
  });
});

describeInChromium("watching what ImageKit does not complete", () => {
  let desk: BrowserDesk;
  let redis: RedisBackend & { readonly close: () => Promise<void> };
  let paths: readonly string[] = [];
  beforeAll(async () => {
    redis = await startBackend("embedded");
    const env = { UPSTASH_REDIS_REST_URL: redis.url, UPSTASH_REDIS_REST_TOKEN: redis.token };
    paths = await acceptedLongAgo(env, 20 * 60_000);
    desk = await startDesk({ env });
  });
  afterAll(async () => {
    await desk?.close();
    await redis?.close();
  });

  test("has the text for ImageKit's support, to copy and to mail", async () => {
    const [batch = "", purge = ""] = paths;
    const page = await desk.open(batch);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    expect(await textOf(page)).toContain("0 of 2 completed, 2 overdue");
    expect(await textOf(page)).toContain("2 purges for ImageKit’s support");
    await look(page, "overdue");
    await page.getByRole("button", { name: "Copy the text" }).click();
    await expect.poll(() => page.getByRole("status").allTextContents()).toContain("Copied");
    const copied = await page.evaluate("navigator.clipboard.readText()");
    expect(copied).toContain("2 purge requests of ours did not reach the status Completed");
    expect(await page.getByRole("link", { name: /mail/ }).getAttribute("href")).toMatch(/^mailto:support@/);

    await page.goto(desk.url + purge);
    expect(await textOf(page)).toContain("and it is still not Completed");
    expect(await textOf(page)).toContain("every 5 minutes until");
    await look(page, "purge-overdue");
    await page.context().close();
  });

  test("without leave for the clipboard the text is selected", async () => {
    const page = await desk.open(paths[1] ?? "");
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('no leave'))");
    await page.getByRole("button", { name: "Copy the text" }).click();
    await expect.poll(() => page.evaluate("getSelection().toString()")).toContain("A purge request of ours");
    await page.context().close();
  });
});

/** A batch of two that ImageKit accepted so long ago, through the ledger's own scripts; where it is shown. */
async function acceptedLongAgo(
  env: { readonly UPSTASH_REDIS_REST_URL: string; readonly UPSTASH_REDIS_REST_TOKEN: string },
  agoMs: number,
): Promise<readonly string[]> {
  const config = configOf({ ...environmentOfTests, ...env });
  const { makeId } = createServices(config, { clock: systemClock, writeLog: () => undefined, fetch });
  const ledger = createLedger({
    redis: config.redis,
    name: config.ledgerName,
    policy: config.policy,
    clock: systemClock,
    makeId: () => makeId("o"),
    now: () => Date.now() - agoMs,
  });
  const batchId = makeId("b");
  const planned = planLines([urlOf("late/shoe.jpg"), urlOf("late/boot.jpg")], config.endpoints);
  const reply = await ledger.reserve({
    batchId,
    actor: "storefront",
    reason: "new autumn photo",
    onExhausted: "reject",
    lease: { token: makeId("l"), limit: 20 },
    ...nameTargets(planned, () => makeId("p")),
  });
  if (reply.outcome !== "reserved") throw new Error(`the reservation was answered ${reply.outcome}`);
  await ledger.advance({
    settlements: reply.leases.map(({ purgeId, token }) => ({
      endpoint: "send",
      purgeId,
      token,
      result: { outcome: "accepted", status: 201, imagekitRequestId: makeId("r").slice(-24) },
    })),
  });
  return [`/batches/${batchId}`, ...reply.leases.map(({ purgeId }) => `/purges/${purgeId}`)];
}
