import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { describeInChromium } from "../support/chromium.ts";
import { startBackend } from "../support/ledger-backends.ts";
import { type BrowserDesk, expectAccessible, startDesk, takeScreenshots } from "./desk.ts";

describeInChromium("the health page", () => {
  let desk: BrowserDesk;
  let redis: Awaited<ReturnType<typeof startBackend>>;
  beforeAll(async () => {
    redis = await startBackend("embedded");
    desk = await startDesk({
      env: { UPSTASH_REDIS_REST_URL: redis.url, UPSTASH_REDIS_REST_TOKEN: redis.token },
    });
  });
  afterAll(async () => {
    await desk?.close();
    await redis?.close();
  });
  beforeEach(async () => {
    await redis.flush();
    desk.imagekit.control.reset();
  });

  test("looks", async () => {
    const page = await desk.open("/health", "admin", { expected: /503/ });
    await takeScreenshots(page, "health-first");
    await desk.api("/api/budget/corrections", { external: 0 });
    await page.reload();
    await takeScreenshots(page, "health-well");
    desk.imagekit.control.addFaults({ endpoint: "send", kind: 403, times: "forever" });
    await desk.api("/api/purges", { urls: ["https://ik.imagekit.io/demo/a.jpg"] });
    await redis.raw.hset("sandbox:1:open", "overdue", 3, "held", 2);
    await page.reload();
    await takeScreenshots(page, "health-alarm");
    await expectAccessible(page);
    redis.bridge.setFault(() => ({ status: 500 }));
    await page.reload();
    await takeScreenshots(page, "health-ledger-away");
    expect(1).toBe(1);
  });
});
