import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { runSweep } from "../src/http/run-sweep.ts";
import type { Fault } from "../src/local/redis/fault.ts";
import { systemClock } from "../src/time.ts";
import { accepting, startApp, tokens } from "./support/app.ts";
import { manualClock } from "./support/manual-clock.ts";
import { minute } from "./support/test-ledger.ts";

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
          Response.json({ message: "slow down" }, { status: 429, headers: { "X-RateLimit-Reset": "1000" } })
      : accepting("Pending");
  const urls = ["https://ik.imagekit.io/demo/shoe.jpg"];
  await desk.call("/api/purges", { method: "POST", token: tokens.purge, json: { urls } });
  await Promise.all(desk.background);
  expect((await desk.services.ledger.health()).open).toEqual({ [state]: 1 });
  time.now += minute;
  await runSweep(desk.services, new Request("https://purge.test/", { method: "POST" }), {});
  expect((await desk.services.ledger.health()).sweptAt).toBe(time.now);
  await desk.close();
});

test("a sweep whose Redis goes away ends within the platform's 30 s, and says why", async () => {
  const clock = manualClock(systemClock.now());
  const desk = await startApp({ clock });
  desk.imagekit.answer = () => Response.json({ message: "slow down" }, { status: 429 });
  const urls = ["https://ik.imagekit.io/demo/shoe.jpg"];
  const drive = setInterval(() => clock.move(100), 1);
  await desk
    .call("/api/purges", { method: "POST", token: tokens.purge, json: { urls } })
    .finally(() => clearInterval(drive));

  let asked = 0;
  desk.redis.bridge.setFault(async ({ commands }): Promise<Fault> => {
    if (!commands[0]?.at(-1)?.includes('"settlements"')) return "pass";
    asked += 1;
    return new Promise<never>(() => undefined);
  });
  const startedMs = clock.monotonicMs();
  const sweeping = runSweep(desk.services, new Request("https://purge.test/", { method: "POST" }), {});
  while (asked < 2) await setImmediate();
  clock.move(29_000);
  expect((await sweeping).status).toBe(503);
  expect(clock.monotonicMs() - startedMs).toBeLessThan(30_000);
  expect(desk.logged.at(-1)).toContain("ledger-unavailable");
  desk.redis.bridge.setFault(undefined);
  await desk.close();
});
