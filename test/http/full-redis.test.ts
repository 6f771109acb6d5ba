import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { runSweep } from "../../src/http/run-sweep.ts";
import type { RedisRequest } from "../../src/local/redis/fault.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";
import { reservationOf } from "../support/test-ledger.ts";

const full = { refused: "OOM command not allowed when used memory > 'maxmemory'." };
/** What Redis itself refuses then: plain writes, and scripts of ours that were not asked to go on. */
const whenFull = ({ commands }: RedisRequest) =>
  commands.some(
    ([name, ...args]) => name === "SET" || (name === "EVALSHA" && args.at(-1)?.includes('"lines"')),
  )
    ? full
    : "pass";

let desk: TestApp;
const time = { now: Date.parse("2026-11-15T12:00:00.000Z") };
beforeAll(async () => {
  desk = await startApp({ time });
});
afterEach(async () => {
  desk.redis.bridge.setFault(undefined);
  await desk.redis.flush();
});
afterAll(() => desk.close());

const submit = () =>
  desk.call("/api/purges", {
    method: "POST",
    token: tokens.purge,
    json: { urls: ["https://ik.imagekit.io/demo/shoe.jpg"] },
  });

test("G5: while Redis is full a submission is told that nothing was recorded or charged", async () => {
  desk.redis.bridge.setFault(() => full);
  const answer = await submit();
  expect(answer).toMatchObject({ status: 503, body: { code: "ledger-unavailable" } });
  expect(answer.body.detail).toContain("nothing was recorded or charged");
  expect(answer.headers.get("Retry-After")).toBe("60");
  desk.redis.bridge.setFault(undefined);
  expect((await desk.call("/api/purges", { token: tokens.read })).body.purges).toEqual([]);
});

test("while Redis is full a stranger is told that the service is not up, and an operator what to do", async () => {
  await submit();
  desk.redis.bridge.setFault(whenFull);
  expect((await desk.call("/api/health")).status).toBe(503);
  const { body } = await desk.call("/api/health", { token: tokens.read });
  expect(body.status).toBe("alarm");
  const check = body.checks.find(({ name }: { readonly name: string }) => name === "ledger-memory");
  expect(check).toMatchObject({ state: "alarm", advice: expect.stringContaining("memory limit") });
});

test("while Redis is full no alarm says that the sweep does not run: its heartbeat cannot be written", async () => {
  time.now = Date.parse("2026-11-15T12:00:00.000Z");
  await submit();
  time.now += 60 * 60_000;
  const sweepCheck = async () => {
    const { body } = await desk.call("/api/health", { token: tokens.read });
    return body.checks.find(({ name }: { readonly name: string }) => name === "sweep");
  };
  expect(await sweepCheck()).toMatchObject({ state: "alarm" });
  desk.redis.bridge.setFault(whenFull);
  expect(await sweepCheck()).toMatchObject({ state: "ok", seen: expect.stringContaining("Redis is full") });
});

test("G1: a sweep that cannot write its heartbeat goes on with its work", async () => {
  const { makeId } = desk.services;
  let ids = 0;
  const lease = { token: makeId("l"), limit: 0 };
  await desk.services.ledger.reserve(reservationOf(["shoe.jpg"], (prefix) => `${prefix}${++ids}`, { lease }));
  desk.redis.bridge.setFault(whenFull);
  const response = await runSweep(desk.services, new Request("https://purge.test/", { method: "POST" }), {});
  expect(response.status).toBe(204);
  expect(desk.imagekit.purged.filter((body) => body.includes("x.test"))).toHaveLength(1);
});
