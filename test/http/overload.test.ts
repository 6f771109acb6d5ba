import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mostRequests, mostSearches, mostWaits } from "../../src/http/shed.ts";
import type { Fault } from "../../src/local/redis/fault.ts";
import { systemClock } from "../../src/time.ts";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";
import { auditLedger } from "../support/audit-ledger.ts";
import { type ManualClock, manualClock } from "../support/manual-clock.ts";

let desk: TestApp;
let clock: ManualClock;
beforeEach(async () => {
  clock = manualClock(systemClock.now());
  desk = await startApp({ clock });
});
afterEach(() => desk.close());

const times = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
const read = (path: string, headers = {}) => desk.call(path, { token: tokens.read, headers });
const submit = (n: number) =>
  desk.call("/api/purges", {
    method: "POST",
    token: tokens.purge,
    json: { urls: [`https://ik.imagekit.io/demo/${n}.jpg`] },
  });
const until = async (isSo: () => boolean) => {
  while (!isSo()) await setImmediate();
};
/** What is held back until it is let go. */
function gate() {
  let letGo: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return { passed, letGo: () => letGo() };
}
const shed = { status: 429, body: { code: "rate-limited" } };

test("G1: overload is refused at once, before anything is done for it; what was accepted goes on, and service recovers", async () => {
  const imagekit = gate();
  const accept = accepting("Pending");
  desk.imagekit.answer = async (request) => {
    await imagekit.passed;
    return accept(request);
  };
  const answers = times(mostRequests, submit);
  await until(() => desk.imagekit.purged.length === mostRequests);

  const beyond = await submit(mostRequests);
  expect(beyond).toMatchObject(shed);
  expect(beyond.headers.get("Retry-After")).toBe("1");
  expect(await read("/api/budget")).toMatchObject(shed);
  expect((await desk.call("/api/health")).status).toBe(200);
  expect((await read("/api/health")).status).toBe(200);

  imagekit.letGo();
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses).toEqual(times(mostRequests, () => 202));
  expect((await read("/api/budget")).body).toMatchObject({ spent: mostRequests, reserved: 0 });
  expect((await submit(mostRequests)).status).toBe(202);
  expect(await auditLedger(desk.redis.raw, "sandbox")).toEqual([]);
});

test("sends that run on behind their answers take no room, and are all settled", async () => {
  const imagekit = gate();
  const accept = accepting("Pending");
  desk.imagekit.answer = async (request) => {
    await imagekit.passed;
    return accept(request);
  };
  const answers = times(mostRequests, submit);
  await until(() => desk.imagekit.purged.length === mostRequests);
  clock.move(5_000);
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(times(mostRequests, () => 202));
  expect((await read("/api/budget")).status).toBe(200);

  imagekit.letGo();
  await Promise.all(desk.background);
  const states = (await read("/api/purges?state=pending&limit=100")).body.purges;
  expect(states).toHaveLength(100);
  expect((await read("/api/budget")).body).toMatchObject({ spent: mostRequests, reserved: 0 });
});

test("searches have a bound of their own, so that other requests still get through", async () => {
  const redis = gate();
  let searching = 0;
  desk.redis.bridge.setFault(async ({ commands }): Promise<Fault> => {
    if (!commands[0]?.at(-1)?.includes('"scanLimit"')) return "pass";
    searching += 1;
    await redis.passed;
    return "pass";
  });
  const searches = times(mostSearches, () => read("/api/purges?q=shoe"));
  await until(() => searching === mostSearches);
  expect(await read("/api/purges")).toMatchObject(shed);
  expect((await read("/api/budget")).status).toBe(200);
  redis.letGo();
  expect((await Promise.all(searches)).map(({ status }) => status)).toEqual(times(mostSearches, () => 200));
  expect((await read("/api/purges")).status).toBe(200);
});

test("a wait beyond the bound is answered at once, without having been granted", async () => {
  desk.imagekit.answer = accepting("Pending");
  const { body } = await submit(1);
  const wait = () => read(`/api/batches/${body.id}`, { Prefer: "wait=20" });
  const waits = times(mostWaits, wait);
  let waiting = mostWaits;
  for (const each of waits) void each.finally(() => (waiting -= 1));
  const beyond = await wait();
  expect(beyond.status).toBe(200);
  expect(beyond.headers.has("Preference-Applied")).toBe(false);
  expect(waiting).toBe(mostWaits);
  const drive = setInterval(() => clock.move(1_000), 1);
  const granted = (await Promise.all(waits).finally(() => clearInterval(drive))).map(({ headers }) =>
    headers.get("Preference-Applied"),
  );
  expect(granted).toEqual(times(mostWaits, () => "wait=20"));
  expect((await read(`/api/batches/${body.id}`)).status).toBe(200);
});
