import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../src/domain/time.ts";
import {
  maxLearning,
  maxRequests,
  maxSearches,
  maxSignIns,
  maxWaits,
} from "../../src/http/middleware/load-shedding.ts";
import type { RedisFault } from "../../src/local/redis/fault.ts";
import { origin, sessionCookie, sessionSecret } from "../dashboard/session.ts";
import {
  accepting,
  type CallInit,
  type CheckedAnswer,
  startApp,
  type TestApp,
  tokens,
} from "../support/app.ts";
import { auditLedger } from "../support/audit-ledger.ts";
import { type ManualClock, manualClock } from "../support/manual-clock.ts";

let desk: TestApp;
let clock: ManualClock;
beforeEach(async () => {
  // A body that is held back has 10 s to arrive, on no clock but this.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  clock = manualClock(systemClock.now());
  desk = await startApp({ clock, env: sessionSecret });
});
afterEach(async () => {
  vi.useRealTimers();
  await desk.close();
});

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
/** A request that is under way until its body ends, and asks nothing of the ledger. */
function slowRequest(path = "/api/plan", init: CallInit = { token: tokens.read }) {
  let end: () => void = () => undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      end = () => {
        controller.enqueue(new TextEncoder().encode("{}"));
        controller.close();
      };
    },
  });
  const answer = desk.call(path, { method: "POST", ...init, body });
  return { answer, end: () => end() };
}
/** What is held back until it is let go. */
function gate() {
  let letGo: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return { passed, letGo: () => letGo() };
}
/** The one that is answered while the others wait. Tokens are hashed in other threads, so the last to come may be let in first. */
const firstOf = (answers: readonly Promise<CheckedAnswer>[]) => Promise.race(answers);
const shed = { status: 429, body: { code: "rate-limited" } };

test("G1: overload is refused at once, before any work; accepted purges go on, and service recovers", async () => {
  const imagekit = gate();
  const accept = accepting("Pending");
  desk.imagekit.answer = async (request) => {
    await imagekit.passed;
    return accept(request);
  };
  const early = submit(1);
  await until(() => desk.imagekit.purged.length === 1);
  const slow = times(maxRequests - 1, () => slowRequest());
  await setImmediate();

  const beyond = await submit(2);
  expect(beyond).toMatchObject(shed);
  expect(beyond.headers.get("Retry-After")).toBe("1");
  expect(await read("/api/budget")).toMatchObject(shed);
  expect((await desk.call("/api/health")).status).toBe(200);
  expect((await read("/api/health")).status).toBe(200);

  imagekit.letGo();
  expect((await early).body).toMatchObject({ purges: [{ state: "pending" }] });
  expect((await submit(2)).status).toBe(202);
  for (const { end } of slow) end();
  for (const { answer } of slow) expect((await answer).status).toBe(422);
  expect((await read("/api/budget")).body).toMatchObject({ spent: 2, reserved: 0 });
  expect(await auditLedger(desk.redis.raw, "sandbox")).toEqual([]);
});

test("G1: sends that continue after their answer do not count as requests, and are settled in any overload", async () => {
  const imagekit = gate();
  const accept = accepting("Pending");
  desk.imagekit.answer = async (request) => {
    await imagekit.passed;
    return accept(request);
  };
  const answer = submit(1);
  await until(() => desk.imagekit.purged.length === 1);
  clock.move(5_000);
  expect((await answer).status).toBe(202);

  const slow = times(maxRequests, () => slowRequest());
  await setImmediate();
  expect(await read("/api/budget")).toMatchObject(shed);
  imagekit.letGo();
  await Promise.all(desk.background);
  for (const { end } of slow) end();
  for (const each of slow) expect((await each.answer).status).toBe(422);
  expect((await read("/api/purges")).body.purges).toMatchObject([{ state: "pending", attempts: 1 }]);
});

test("searches have a limit of their own, so that other requests still get through", async () => {
  const redis = gate();
  let searching = 0;
  desk.redis.bridge.setFault(async ({ commands }): Promise<RedisFault> => {
    if (!commands[0]?.at(-1)?.includes('"scanLimit"')) return "pass";
    searching += 1;
    await redis.passed;
    return "pass";
  });
  const searches = times(maxSearches, () => read("/api/purges?q=shoe"));
  await until(() => searching === maxSearches);
  expect(await read("/api/purges")).toMatchObject(shed);
  expect((await read("/api/budget")).status).toBe(200);
  redis.letGo();
  expect((await Promise.all(searches)).map(({ status }) => status)).toEqual(times(maxSearches, () => 200));
  expect((await read("/api/purges")).status).toBe(200);
});

test("texts to learn from have a limit of their own, so that other requests still get through", async () => {
  const learn = { token: tokens.read, type: "text/plain" };
  const slow = times(maxLearning + 1, () => slowRequest("/api/profiles/learn", learn));
  expect(await firstOf(slow.map(({ answer }) => answer))).toMatchObject(shed);
  expect((await read("/api/budget")).status).toBe(200);
  for (const { end } of slow) end();
  const answers = await Promise.all(slow.map(({ answer }) => answer));
  expect(answers.map(({ status }) => status).sort()).toEqual([...times(maxLearning, () => 200), 429]);
});

test("a wait beyond the limit is not granted, and is answered at once", async () => {
  desk.imagekit.answer = () => Response.json({ message: "expired" }, { status: 401 });
  const { body } = await submit(1);
  const waits = times(maxWaits + 1, () => read(`/api/batches/${body.id}`, { Prefer: "wait=20" }));
  const beyond = await firstOf(waits);
  expect([beyond.status, beyond.headers.get("Preference-Applied")]).toEqual([200, null]);

  const drive = setInterval(() => clock.move(5_000), 10);
  const answers = await Promise.all(waits).finally(() => clearInterval(drive));
  expect(answers.map(({ headers }) => headers.get("Preference-Applied")).sort()).toEqual([
    null,
    ...times(maxWaits, () => "wait=20"),
  ]);
  expect((await read(`/api/batches/${body.id}`)).status).toBe(200);
});

test("sign-ins that never finish arriving do not crowd out people who are signed in, and are refused at once beyond their own limit", async () => {
  const Cookie = await sessionCookie(desk, tokens.read);
  const signIn = { type: "application/x-www-form-urlencoded", headers: { Origin: origin } };
  const slow = times(maxRequests, () => slowRequest("/sign-in", signIn));
  let refused = 0;
  for (const { answer } of slow) void answer.then(({ status }) => (refused += status === 429 ? 1 : 0));
  await until(() => refused === maxRequests - maxSignIns);

  expect((await desk.call("/budget", { headers: { Cookie } })).status).toBe(200);
  expect((await desk.call("/sign-in/code")).status).toBe(429);
  const beyond = await desk.call("/sign-in");
  expect([beyond.status, beyond.headers.get("Retry-After")]).toEqual([429, "1"]);
  expect(beyond.text).toContain("Too many requests");

  for (const { end } of slow) end();
  await Promise.all(slow.map(({ answer }) => answer));
  expect((await desk.call("/sign-in")).status).toBe(200);
});
