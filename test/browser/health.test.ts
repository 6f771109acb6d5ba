import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { expectAccessible, expectAccessibleInBothThemes } from "./accessible.ts";
import { describeDashboard } from "./dashboard.ts";
import { expectNoSidewaysScroll, takeScreenshots } from "./look.ts";

describeDashboard("the health page", {}, (dashboard) => {
  beforeEach(async () => {
    await dashboard.api("/api/budget/corrections", { external: 0 });
  });

  const purge = (name: string) =>
    dashboard.api("/api/purges", { urls: [`https://ik.imagekit.io/demo/${name}.jpg`] });
  const apiChecks = async (): Promise<readonly { readonly name: string; readonly state: string }[]> =>
    (await (await dashboard.api("/api/health")).json()).checks;
  const stateOf = async (name: string) => (await apiChecks()).find((check) => check.name === name)?.state;

  test.each([true, false])(
    "the health page shows every check as OK when all is well (script: %s)",
    async (javaScriptEnabled) => {
      const page = await dashboard.open("/health", "read", { javaScriptEnabled });
      await expect.poll(() => summaryOf(page)).toBe("All is well");
      await expect.poll(() => page.title()).toBe("All is well · Purge Desk");
      await expect.poll(() => page.getByRole("listitem").count()).toBe((await apiChecks()).length);
      await expect
        .poll(() => checkOf(page, "Ledger"))
        .toMatch(/OK.*Answers; 1,000 of 1,000 units are available until/);
      await expect
        .poll(() => checkOf(page, "Spent elsewhere"))
        .toMatch(/OK.*0 units spent elsewhere in \d{4}-\d\d, as stated/);
      await expect.poll(() => page.getByRole("alert").count()).toBe(0);
    },
  );

  test("times on the health page are in the reader's zone, with UTC in the title", async () => {
    const page = await dashboard.open("/health", "read", { timezoneId: "Asia/Kolkata", locale: "en-GB" });
    const time = page.locator("#check-ledger time");
    await expect.poll(() => time.textContent()).toMatch(/05:30$/);
    await expect.poll(() => time.getAttribute("title")).toMatch(/00:00:00 UTC$/);
    expect(await page.locator("#health").textContent()).not.toMatch(/\d{4}-\d\d-\d\dT/);
  });

  /** Three overdue purges, one unknown and two held, as far as health looks: in their queues, due on no day of the test. */
  const putOpenPurges = async () => {
    const { raw } = dashboard.redis;
    await raw.hset("sandbox:1:open", { overdue: 3, unknown: 1, held: 2 });
    const tomorrow = Date.now() + 86_400_000;
    await raw.zadd("sandbox:1:poll", tomorrow, "p_1", tomorrow, "p_2", tomorrow, "p_3");
    await raw.zadd("sandbox:1:settle", tomorrow, "p_4");
    await raw.zadd("sandbox:1:held", tomorrow, "p_5", tomorrow, "p_6");
    await raw.zadd("sandbox:1:index", tomorrow, "p_1");
  };

  test.each([401, 403])(
    "a key that ImageKit answers with %i is an alarm until it works again",
    async (status) => {
      dashboard.imagekit.control.addFaults({ endpoint: "send", kind: status, times: "forever" });
      await purge("a");
      await expect.poll(() => stateOf("send-credentials")).toBe("alarm");
      const page = await dashboard.open("/health");
      await expect.poll(() => summaryOf(page)).toBe("1 thing needs you now");
      const alarm = await page.getByRole("alert").textContent();
      expect(alarm).toContain("ImageKit refuses the key for purges");
      expect(alarm).toContain(`ImageKit answers ${status} to purge requests: check IMAGEKIT_PRIVATE_KEY`);
      // The alarm says it, so the list of checks does not say it again.
      await expect.poll(() => page.getByText(`ImageKit answers ${status}`).count()).toBe(1);
      if (status === 401) await takeScreenshots(page, "health-key-refused");

      dashboard.imagekit.control.clearFaults();
      // The next probe is minutes away; the key is tried now.
      await page.getByRole("button", { name: "Try now" }).click();
      await page.waitForURL(/done=tried/);
      await expect.poll(() => stateOf("send-credentials")).toBe("ok");
      await expect.poll(() => summaryOf(page)).toBe("All is well");
      await expect.poll(() => page.getByText("ImageKit accepts the key.").isVisible()).toBe(true);
      await expect.poll(() => page.getByRole("alert").count()).toBe(0);
    },
  );

  test("a 429 is a warning, and after an hour an alarm that links to the correction", async () => {
    dashboard.imagekit.control.addFaults({ endpoint: "send", kind: 429, times: "forever", resetMs: 600_000 });
    await purge("a");
    await expect.poll(() => stateOf("send-throttling")).toBe("warning");
    const page = await dashboard.open("/health");
    await expect.poll(() => summaryOf(page)).toBe("1 thing to check");
    await expect
      .poll(() => page.getByRole("heading", { level: 3 }).first().textContent())
      .toBe("Rate limit for purges");
    await expect
      .poll(() => checkOf(page, "Rate limit for purges"))
      .toMatch(/Check.*429 since .*, pausing until .*Nothing to do: the send rate follows/);

    await dashboard.redis.raw.hset("sandbox:1:pace:send", "throttledSince", Date.now() - 3_600_000);
    await page.reload();
    await expect.poll(() => summaryOf(page)).toBe("1 thing needs you now");
    const alarm = page.getByRole("alert");
    await expect.poll(() => alarm.textContent()).toContain("ImageKit has answered 429 for an hour");
    await takeScreenshots(page, "health-throttled");
    await alarm.getByRole("link", { name: "Enter a correction" }).click();
    await page.waitForURL(`${dashboard.url}/budget#correction`);
  });

  test("overdue, unknown and held purges are counted, with links to their lists", async () => {
    await putOpenPurges();
    const page = await dashboard.open("/health", "read");
    // A check of the ledger that runs meanwhile also finds that these purges have no records.
    await expect.poll(() => summaryOf(page)).toMatch(/3 things to check$/);
    await expect.poll(() => checkOf(page, "Overdue")).toContain("3 not Completed after 15 minutes");
    const hrefs = await Promise.all(
      ["overdue", "unknown", "held"].map((state) =>
        page.getByRole("link", { name: `Show ${state} purges` }).getAttribute("href"),
      ),
    );
    expect(hrefs).toEqual(["/?state=overdue", "/?state=unknown", "/?state=held"]);
    await takeScreenshots(page, "health-open");
  });

  test("a sweep that does not run is an alarm", async () => {
    await dashboard.stopSweeps();
    await dashboard.redis.raw.set("sandbox:1:heartbeat", String(Date.now() - 3_600_000));
    const page = await dashboard.open("/health", "read");
    await expect
      .poll(() => page.getByRole("alert").textContent())
      .toMatch(/The sweep does not run.*Last known run/);
  });

  test("the health page shows an unreachable ledger as an alarm", async () => {
    const page = await dashboard.open("/health", "read", { expected: /503/ });
    dashboard.redis.bridge.setFault(() => ({ status: 500 }));
    const answer = await page.reload();
    expect(answer?.status()).toBe(503);
    expect(answer?.headers()["retry-after"]).toBe("5");
    await expect.poll(() => summaryOf(page)).toBe("1 thing needs you now");
    await expect
      .poll(() => page.getByRole("alert").textContent())
      .toMatch(/The ledger cannot be reached.*Tell an admin/);
    await expect.poll(() => page.getByRole("main").textContent()).toContain("Accepted purges are safe");
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await takeScreenshots(page, "health-ledger-away");
    dashboard.redis.bridge.setFault(undefined);
    await page.reload();
    await expect.poll(() => summaryOf(page)).toBe("All is well");
  });

  test("what ImageKit said is shown as text on the health page, with signatures masked", async () => {
    const trouble = `<img src=x onerror="document.title='taken'"> https://ik.imagekit.io/demo/a.jpg?ik-s=abcdef0123`;
    const troubleSince = Date.now();
    await dashboard.redis.raw.hset("sandbox:1:pace:send", {
      trouble,
      troubleCode: "unexpected",
      troubleSince,
    });
    const page = await dashboard.open("/health");
    const alarm = await page.getByRole("alert").textContent();
    expect(alarm).toContain(`<img src=x onerror="document.title='taken'">`);
    expect(alarm).not.toContain("abcdef0123");
    await expect.poll(() => page.title()).toContain("1 thing needs you now");
  });

  test("the health page with every alarm is accessible in light and dark, on a phone and in print", async () => {
    dashboard.imagekit.control.addFaults({ endpoint: "send", kind: 403, times: "forever" });
    await purge("a");
    await expect.poll(() => stateOf("send-credentials")).toBe("alarm");
    await putOpenPurges();
    await dashboard.redis.raw.hset("sandbox:1:alarms", "ledger-lost", JSON.stringify({ since: Date.now() }));
    const page = await dashboard.open("/health");
    await expect.poll(() => summaryOf(page)).toBe("2 things need you now, and 3 things to check");
    await expectAccessibleInBothThemes(page);
    await expectNoSidewaysScroll(page);
    await takeScreenshots(page, "health-alarms");
    await page.emulateMedia({ media: "print" });
    await expectAccessible(page);
  });
});

async function summaryOf(page: Page): Promise<string | undefined> {
  return (await page.locator("#health-summary p").first().textContent())?.trim();
}

/** What the check of that name says, its state first. */
async function checkOf(page: Page, title: string): Promise<string | null> {
  return page
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { name: title, exact: true }) })
    .textContent();
}
