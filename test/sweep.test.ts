import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { runSweep } from "../src/http/run-sweep.ts";
import type { Fault } from "../src/local/redis/fault.ts";
import { systemClock } from "../src/time.ts";
import { startApp, tokens } from "./support/app.ts";
import { manualClock } from "./support/manual-clock.ts";

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
