import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { describeInChromium } from "../support/chromium.ts";
import { startBackend } from "../support/ledger-backends.ts";
import { putSpending, resetDayBefore } from "../support/put-spending.ts";
import { type BrowserDesk, startDesk, takeScreenshots } from "./desk.ts";

const now = Date.now();
const resetDay = resetDayBefore(now, 13);
const fortnight = [12, 40, 0, 8, 31, 55, 20, 0, 0, 64, 23, 18, 47, 9];
const actors = { storefront: 203, "cms-hook": 88, "anna-from-the-shop": 36 };

describeInChromium("the budget page", () => {
  let desk: BrowserDesk;
  let redis: Awaited<ReturnType<typeof startBackend>>;
  beforeAll(async () => {
    redis = await startBackend("embedded");
    const { url, token } = redis;
    desk = await startDesk({
      env: { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token, PURGE_QUOTA_RESET_DAY: resetDay },
    });
  });
  afterAll(async () => {
    await desk?.close();
    await redis?.close();
  });
  beforeEach(() => redis.flush());

  test("looks", async () => {
    const first = await desk.open("/budget");
    await takeScreenshots(first, "budget-first-month");
    await redis.flush();
    await putSpending(redis.raw, { ledger: "sandbox", resetDay, now, days: fortnight, actors });
    const page = await desk.open("/budget");
    await takeScreenshots(page, "budget");
    await desk.api("/api/budget/corrections", { external: 420, reason: "dashboard" });
    await page.reload();
    await takeScreenshots(page, "budget-runs-out");
    await desk.api("/api/budget/corrections", { external: 720, reason: "dashboard" });
    await page.reload();
    await takeScreenshots(page, "budget-over");
  });
});
