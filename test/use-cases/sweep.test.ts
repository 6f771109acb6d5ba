import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { systemClock } from "../../src/domain/time.ts";
import { runSweep } from "../../src/http/run-sweep.ts";
import type { RedisFault } from "../../src/local/redis/fault.ts";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";
import { type ManualClock, manualClock } from "../support/manual-clock.ts";
import { minute, reservationOf } from "../support/test-ledger.ts";

const sweep = (desk: TestApp) =>
  runSweep(desk.services, new Request("https://purge.test/", { method: "POST" }), {});

test.each([
  ["a purge to send", "queued"],
  ["a status check to make", "pending"],
])("a sweep that has %s writes its heartbeat, whatever the minute", async (_, state) => {
  // No minute in which an idle sweep would write one.
  const time = { now: Date.parse("2026-11-15T12:03:00.000Z") };
  const desk = await startApp({ time });
  desk.imagekit.answer =
    state === "queued"
      ? () =>
          Response.json({ message: "slow down" }, { status: 429, headers: { "X-RateLimit-Reset": "10000" } })
      : accepting("Pending");
  const urls = ["https://ik.imagekit.io/demo/shoe.jpg"];
  await desk.call("/api/purges", { method: "POST", token: tokens.purge, json: { urls } });
  await Promise.all(desk.background);
  expect((await desk.services.ledger.health()).open).toEqual({ [state]: 1 });
  time.now += minute;
  await sweep(desk);
  expect((await desk.services.ledger.health()).sweptAt).toBe(time.now);
  await desk.close();
});

test("a sweep of a ledger in which nothing is open is one plain read", async () => {
  const time = { now: Date.parse("2026-11-15T12:03:00.000Z") };
  const desk = await startApp({ time });
  desk.imagekit.answer = () =>
    Response.json({ message: "The URL is not valid for cache purging." }, { status: 400 });
  const json = { urls: ["https://ik.imagekit.io/demo/shoe.jpg"] };
  const { body } = await desk.call("/api/purges", { method: "POST", token: tokens.purge, json });
  expect(body.done).toBe(true);
  const run = async () => {
    await desk.redis.bridge.resetCounts();
    await sweep(desk);
    return desk.redis.bridge.counts();
  };
  // The first one writes its heartbeat, and finds that nothing is due.
  expect((await run()).roundTrips).toBeGreaterThan(1);
  time.now += minute;
  expect(await run()).toEqual({ roundTrips: 1, commands: { MGET: 1 } });
  await desk.close();
});

/** Time goes on, a tenth of a second at a time, until this is done. */
async function whileTimePasses<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  const drive = setInterval(() => clock.move(100), 1);
  return work.finally(() => clearInterval(drive));
}

/** A desk with one purge that nobody has sent yet. */
async function deskWithQueuedPurge() {
  const clock = manualClock(systemClock.now());
  const desk = await startApp({ clock });
  const nextId = (prefix: string) => `${prefix}1`;
  await desk.services.ledger.reserve(
    reservationOf(["shoe.jpg"], nextId, { lease: { token: "l0", limit: 0 } }),
  );
  return { clock, desk };
}

test("a sweep whose Redis becomes unavailable ends within the platform's 30 s, and logs why", async () => {
  const { clock, desk } = await deskWithQueuedPurge();
  let asked = 0;
  desk.redis.bridge.setFault(async ({ commands }): Promise<RedisFault> => {
    if (!commands[0]?.at(-1)?.includes('"settlements"')) return "pass";
    asked += 1;
    return new Promise<never>(() => undefined);
  });
  const startedMs = clock.monotonicMs();
  const sweeping = sweep(desk);
  while (asked < 2) await setImmediate();
  expect((await whileTimePasses(clock, sweeping)).status).toBe(503);
  expect(clock.monotonicMs() - startedMs).toBeLessThan(30_000);
  expect(desk.logged.at(-1)).toContain("ledger-unavailable");
  desk.redis.bridge.setFault(undefined);
  await desk.close();
});

test("a sweep that was frozen past its deadline still settles the 201 that it then reads", async () => {
  const { clock, desk } = await deskWithQueuedPurge();
  let answer = (_: Response) => {};
  desk.imagekit.answer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const sweeping = sweep(desk);
  while (desk.imagekit.purged.length === 0) await setImmediate();
  clock.move(60_000);
  answer(Response.json({ requestId: "a1" }, { status: 201 }));
  expect((await sweeping).status).toBe(204);
  expect((await desk.services.ledger.readPurge("p1"))?.state).toBe("pending");
  await desk.close();
});
