import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runSweep } from "../../src/http/run-sweep.ts";
import {
  type SimulatedImageKit,
  startSimulatedImageKit,
} from "../../src/local/imagekit/simulated-imagekit.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";
import { auditLedger } from "../support/audit-ledger.ts";
import { midNovember } from "../support/test-ledger.ts";

const second = 1_000;
const minute = 60_000;
const time = { now: midNovember };
let desk: TestApp;
let imagekit: SimulatedImageKit;

beforeAll(async () => {
  imagekit = await startSimulatedImageKit({ settings: { pendingMs: "never" } });
  desk = await startApp({
    time,
    env: {
      IMAGEKIT_API_BASE_URL: imagekit.url,
      IMAGEKIT_PRIVATE_KEY: imagekit.privateKey,
      PURGE_MONTHLY_QUOTA: "10",
    },
  });
  desk.imagekit.answer = (request) => fetch(request);
});
beforeEach(async () => {
  await desk.redis.flush();
  imagekit.control.reset();
  time.now = midNovember;
});
afterAll(async () => {
  await Promise.all([desk.close(), imagekit.close()]);
});

const submit = (...names: readonly string[]) =>
  desk.call("/api/purges", {
    method: "POST",
    token: tokens.purge,
    json: { urls: names.map((name) => `https://ik.imagekit.io/demo/${name}.jpg`) },
  });
const sweep = () => runSweep(desk.services, new Request("https://purge.test/", { method: "POST" }), {});
const sweepAfter = async (durationMs: number) => {
  time.now += durationMs;
  await sweep();
};
const arrived = (endpoint: "send" | "poll") => imagekit.control.totals(endpoint).total;
const purges = async () => (await desk.call("/api/purges", { token: tokens.read })).body.purges;
const statesOf = async () => (await purges()).map(({ state }: { state: string }) => state);
const health = async () => (await desk.call("/api/health", { token: tokens.read })).body;
const checkOf = async (name: string) =>
  (await health()).checks.find((check: { name: string }) => check.name === name);
const correct = (external: number) =>
  desk.call("/api/budget/corrections", { method: "POST", token: tokens.admin, json: { external } });
const expectSoundBooks = async () => expect(await auditLedger(desk.redis.raw, "sandbox")).toEqual([]);

describe.each([401, 403])("%i to a purge", (kind) => {
  test(`${kind} to a purge stops sends but not polls, loses nothing, is probed every 3 minutes and recovers automatically`, async () => {
    await submit("before");
    imagekit.control.addFaults({ endpoint: "send", kind, times: "forever" });
    const refused = await submit("a", "b", "c");
    expect(refused).toMatchObject({ status: 202, body: { units: 3, budget: { reserved: 3, spent: 1 } } });
    expect(new Set(await statesOf())).toEqual(new Set(["queued", "pending"]));
    const later = await submit("d");
    expect(later.status).toBe(202);
    const sends = arrived("send");

    await sweepAfter(6 * second);
    await sweepAfter(minute);
    expect([arrived("send"), arrived("poll")]).toEqual([sends, 2]);
    expect(await checkOf("poll-credentials")).toMatchObject({ state: "ok" });

    await sweepAfter(2 * minute);
    expect(arrived("send")).toBe(sends + 1);
    await sweep();
    await sweepAfter(minute);
    expect(arrived("send")).toBe(sends + 1);
    await expectSoundBooks();

    imagekit.control.clearFaults();
    await sweepAfter(2 * minute);
    await sweepAfter(minute);
    expect(await statesOf()).toEqual(Array.from({ length: 5 }, () => "pending"));
    expect(imagekit.control.spent()).toBe(5);
    expect((await desk.call("/api/budget", { token: tokens.read })).body).toMatchObject({
      spent: 5,
      reserved: 0,
    });
    expect(await checkOf("send-credentials")).toMatchObject({ state: "ok" });
    expect(await checkOf("alarm-credentials-send")).toBeUndefined();
    await expectSoundBooks();
  });

  test(`${kind} to a purge is an alarm in health with advice, and in the timeline with ImageKit's words`, async () => {
    imagekit.control.addFaults({
      endpoint: "send",
      kind,
      times: "forever",
      message: "Your account is disabled.",
    });
    const { body } = await submit("a");
    expect((await health()).status).toBe("alarm");
    expect(await checkOf("send-credentials")).toMatchObject({
      state: "alarm",
      seen: expect.stringContaining(String(kind)),
      advice: expect.stringMatching(/IMAGEKIT_PRIVATE_KEY.*Next try: 2026-11-15T12:03:00/s),
    });
    expect((await checkOf("alarm-credentials-send")).advice).toMatch(/read and write.*correction/s);
    const purge = (await desk.call(`/api/purges/${body.purges[0].id}`, { token: tokens.read })).body;
    expect(purge).toMatchObject({ state: "queued", units: 1, error: { code: "credentials" } });
    const { note } = purge.timeline.at(-1);
    for (const words of ["Your account is disabled.", "nothing is lost", "under Health"]) {
      expect(note).toContain(words);
    }
  });

  test(`${kind} to a status poll stops only polls`, async () => {
    await submit("before");
    imagekit.control.addFaults({ endpoint: "poll", kind, times: "forever" });
    await sweepAfter(6 * second);
    await submit("a");
    await sweepAfter(minute);
    expect([arrived("send"), arrived("poll")]).toEqual([2, 1]);
    expect(await checkOf("poll-credentials")).toMatchObject({ state: "alarm" });
    expect(await checkOf("send-credentials")).toMatchObject({ state: "ok" });
    imagekit.control.clearFaults();
    imagekit.control.complete();
    await sweepAfter(3 * minute);
    await sweepAfter(5 * minute);
    expect(await statesOf()).toEqual(["completed", "completed"]);
  });
});

describe("a quota that was used up elsewhere", () => {
  test("a quota used up elsewhere and answered with 429 for an hour is an alarm that names the cause and the correction", async () => {
    imagekit.control.addFaults({ endpoint: "send", kind: 429, times: "forever", resetMs: 60_000 });
    await submit("a", "b");
    const early = arrived("send");
    await sweepAfter(30 * second);
    expect(arrived("send")).toBe(early);
    expect(await checkOf("send-throttling")).toMatchObject({ state: "warning" });
    for (let passed = 0; passed < 55; passed += 5) await sweepAfter(5 * minute);
    await sweepAfter(4 * minute);
    expect(await checkOf("send-throttling")).toMatchObject({ state: "warning" });
    await sweepAfter(minute);
    expect(await checkOf("send-throttling")).toMatchObject({
      state: "alarm",
      advice: expect.stringMatching(/spent elsewhere.*correction/s),
    });
    expect((await checkOf("alarm-throttled-send")).advice).toMatch(
      /quota was used up elsewhere.*correction/s,
    );
    expect(await statesOf()).toEqual(["queued", "queued"]);

    // The operator does what the alarm says: purges that do not fit are held until the month turns, and none is lost.
    expect(await correct(9)).toMatchObject({ status: 201, body: { external: 9, available: 0, held: 1 } });
    expect((await statesOf()).sort()).toEqual(["held", "queued"]);
    const over = await submit("c");
    expect(over).toMatchObject({ status: 429, body: { code: "budget-exhausted" } });
    expect(over.body.support.body).toContain("raise our quota");

    imagekit.control.clearFaults();
    // After an hour the next try is an eighth of that away.
    await sweepAfter(8 * minute);
    expect((await statesOf()).sort()).toEqual(["held", "pending"]);
    expect(await checkOf("alarm-throttled-send")).toBeUndefined();
    time.now = Date.parse("2026-12-01T00:00:01Z");
    await sweep();
    await sweep();
    expect(await statesOf()).not.toContain("held");
    expect(imagekit.control.spent()).toBe(2);
    await expectSoundBooks();
  });

  test("an undocumented answer is retried with back-off: at most seven calls in an hour of sweeps", async () => {
    imagekit.control.change({ quota: 0, quotaAnswer: { status: 402, message: "No." } });
    await submit("a");
    for (let passed = 0; passed < 60; passed += 1) await sweepAfter(minute);
    expect(arrived("send")).toBeGreaterThan(1);
    expect(arrived("send")).toBeLessThanOrEqual(7);
  });

  test.each([402, 405, 409, 423])(
    "a quota used up elsewhere and answered with an undocumented %i is quoted and retried until it recovers",
    async (status) => {
      const message = "You have exceeded your monthly purge quota.";
      imagekit.control.change({ quota: 0, quotaAnswer: { status, message } });
      const { body } = await submit("a");
      expect((await health()).status).toBe("alarm");
      const { advice } = await checkOf("alarm-unexpected-answer-send");
      expect(advice).toContain(message);
      expect(advice).toContain("correction");
      const { state, error } = (await desk.call(`/api/purges/${body.purges[0].id}`, { token: tokens.read }))
        .body;
      expect([state, error.code]).toEqual(["queued", "unexpected-answer"]);
      expect(error.message).toContain(message);
      expect(error.message).toContain("correction");

      await sweepAfter(minute);
      expect(await statesOf()).toEqual(["queued"]);
      imagekit.control.change({ quota: 1 });
      await sweepAfter(61 * minute);
      expect(await statesOf()).toEqual(["pending"]);
      expect(await checkOf("alarm-unexpected-answer-send")).toBeUndefined();
      await expectSoundBooks();
    },
  );

  test("a used-up quota answered like a wrong key is an alarm that points to ImageKit's words in the timeline", async () => {
    imagekit.control.change({ quota: 0 });
    const { body } = await submit("a");
    expect((await checkOf("alarm-credentials-send")).advice).toContain("mentions the quota");
    expect(body.purges[0].timeline.at(-1).note).toContain("used up its cache purges");
  });
});
