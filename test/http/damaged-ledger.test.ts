import { afterAll, beforeAll, expect, test } from "vitest";
import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";

let desk: TestApp;
const time = { now: Date.parse("2026-11-15T12:00:00.000Z") };
beforeAll(async () => {
  desk = await startApp({ time });
});
afterAll(() => desk.close());

const submit = (name: string) =>
  desk.call("/api/purges", {
    method: "POST",
    token: tokens.purge,
    json: { urls: [`https://ik.imagekit.io/demo/${name}.jpg`] },
  });

test("G3: when the ledger has lost its budget, a caller learns that nothing was charged, and an operator how to resolve it", async () => {
  expect((await submit("before")).status).toBe(202);
  await desk.redis.raw.del("sandbox:1:budget");
  const refused = await submit("after");
  expect(refused).toMatchObject({ status: 503, body: { code: "ledger-unavailable" } });
  expect(refused.body.detail).toContain("Nothing was recorded or charged");
  // It lasts until somebody has looked: asking again by the clock is of no use.
  expect(refused.headers.get("Retry-After")).toBeNull();
  expect(desk.imagekit.purged).toHaveLength(1);

  const health = await desk.call("/api/health", { token: tokens.read });
  const alarm = health.body.checks.find(({ name }: { name: string }) => name === "alarm-ledger-damaged");
  expect(alarm.advice).toContain("sandbox:1:budget");
  expect(alarm.advice).toContain("npm run repair");

  const correction = { external: 0, reason: "looked at the dashboard" };
  const corrected = await desk.call("/api/budget/corrections", {
    method: "POST",
    token: tokens.admin,
    json: correction,
  });
  expect(corrected).toMatchObject({ status: 201, body: { spent: 1 } });
  expect((await submit("after")).status).toBe(202);
});

test("G1: the sweep finds the purges of a lost queue, even when it believes that nothing is open", async () => {
  time.now = Date.parse("2026-11-15T15:59:00.000Z");
  await sweepLedger(desk.services, { deadlineMs: desk.services.clock.monotonicMs() + 25_000 });
  await submit("stranded");
  await desk.redis.raw.del("sandbox:1:poll");
  const isThere = () => desk.redis.raw.exists("sandbox:1:poll");
  const roundTripsOf = async (run: () => Promise<unknown>) => {
    await desk.redis.bridge.resetCounts();
    await run();
    return desk.redis.bridge.counts().roundTrips;
  };
  const sweepNow = () =>
    sweepLedger(desk.services, { deadlineMs: desk.services.clock.monotonicMs() + 25_000 });
  await sweepNow();
  expect(await roundTripsOf(sweepNow)).toBe(1);
  expect(await isThere()).toBe(0);
  time.now = Date.parse("2026-11-15T16:00:00.000Z");
  await sweepNow();
  expect(await isThere()).toBe(1);
});
