import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";

const base = "https://ik.imagekit.io/demo";
const shoe = `${base}/shoe.jpg`;
const secondMs = 1_000;
const dayMs = 86_400_000;
const start = Date.parse("2026-11-10T12:00:00Z");
const saleStart = "2026-11-27T08:00:00Z";
const time = { now: start };
let desk: TestApp;

beforeAll(async () => {
  desk = await startApp({ time });
});
beforeEach(async () => {
  time.now = start;
  await desk.redis.flush();
  desk.imagekit.purged.length = 0;
  desk.imagekit.answer = accepting("Pending");
});
afterAll(() => desk.close());

const submit = (json: unknown, headers: Record<string, string> = {}) =>
  desk.call("/api/purges", { method: "POST", token: tokens.purge, json, headers });
const plan = (json: unknown) => desk.call("/api/plan", { method: "POST", token: tokens.read, json });
const read = (path: string) => desk.call(path, { token: tokens.read });
const purged = () => desk.imagekit.purged.map((body) => JSON.parse(body).url);
const sweepAt = async (now: number) => {
  time.now = now;
  await sweepLedger(desk.services, { deadlineMs: desk.services.clock.monotonicMs() + 25_000 });
};

test("a purge for a sale's start is shown as scheduled, with its unit set aside, and is sent then and not before", async () => {
  const { status, body } = await submit({ images: ["/shoe.jpg"], sendAfter: saleStart });
  expect(status).toBe(202);
  const sendAt = "2026-11-27T08:00:00.000Z";
  expect(body).toMatchObject({ done: false, units: 1, budget: { reserved: 1, spent: 0 } });
  expect(body.purges).toMatchObject([{ state: "queued", scheduled: true, sendAt, nextCheckAt: sendAt }]);
  // A sweep waits for what comes due within two seconds.
  await sweepAt(Date.parse(saleStart) - 3 * secondMs);
  expect(purged()).toEqual([]);
  await sweepAt(Date.parse(saleStart));
  expect(purged()).toEqual([`${shoe}*`]);
  expect((await read(`/api/purges/${body.purges[0].id}`)).body).toMatchObject({
    state: "pending",
    scheduled: true,
    sendAt,
  });
});

test("the list finds scheduled purges while they wait, and health counts them", async () => {
  const { body } = await submit({ urls: [shoe], sendAfter: saleStart });
  await submit({ urls: [`${base}/now.jpg`] });
  const scheduled = async () => (await read("/api/purges?state=scheduled")).body.purges;
  expect(await scheduled()).toEqual([expect.objectContaining({ id: body.purges[0].id })]);
  const { checks } = (await read("/api/health")).body;
  expect(checks).toContainEqual(
    expect.objectContaining({ name: "scheduled", state: "ok", seen: expect.stringMatching(/^1 /) }),
  );
  await sweepAt(Date.parse(saleStart));
  expect(await scheduled()).toEqual([]);
});

test("an immediate and a scheduled request for one target, in either order, are two sends", async () => {
  const changedAt = "2026-11-10T11:00:00.120Z";
  await submit({ urls: [shoe], changedAt });
  expect((await plan({ urls: [shoe], changedAt, sendAfter: saleStart })).body.units).toBe(1);
  expect((await submit({ urls: [shoe], changedAt, sendAfter: saleStart })).body.units).toBe(1);
  expect((await plan({ urls: [shoe], changedAt, sendAfter: saleStart })).body.units).toBe(0);
  time.now += secondMs;
  expect((await submit({ urls: [shoe] })).body.units).toBe(1);
  await sweepAt(Date.parse(saleStart));
  expect(purged()).toEqual([shoe, shoe, shoe]);
});

test("requests for the same target and the same time share a purge, however the time is written", async () => {
  const { body } = await submit({ urls: [shoe], sendAfter: saleStart });
  const other = await submit({ urls: [shoe], sendAfter: "2026-11-27T09:00:00.000+01:00" });
  expect(other.body).toMatchObject({ units: 0, lines: [{ verdict: "joined", purgeId: body.purges[0].id }] });
});

test("a scheduled purge is cancelled like any queued one, and its unit is free again", async () => {
  const { body } = await submit({ urls: [shoe], sendAfter: saleStart });
  const path = `/api/purges/${body.purges[0].id}/cancel`;
  const cancelled = await desk.call(path, { method: "POST", token: tokens.purge });
  expect(cancelled).toMatchObject({ status: 200, body: { state: "cancelled", units: 0 } });
  expect((await read("/api/budget")).body).toMatchObject({ reserved: 0, available: 1_000 });
  await sweepAt(Date.parse(saleStart));
  expect(purged()).toEqual([]);
});

test("G6: a scheduled submission that is repeated after its send gets its batch, not a complaint about the time", async () => {
  const headers = { "Idempotency-Key": "sale" };
  const { body } = await submit({ urls: [shoe], sendAfter: saleStart }, headers);
  await sweepAt(Date.parse(saleStart));
  time.now += dayMs;
  const again = await submit({ urls: [shoe], sendAfter: saleStart }, headers);
  expect(again).toMatchObject({ status: 200, body: { id: body.id } });
  const late = await submit({ urls: [shoe], sendAfter: saleStart }, { "Idempotency-Key": "other" });
  expect(late).toMatchObject({ status: 422, body: { code: "invalid-body", errors: [{ at: "/sendAfter" }] } });
  expect(purged()).toEqual([shoe]);
});

test("a send may be scheduled 31 days ahead, and no later", async () => {
  const after = (milliseconds: number) =>
    submit({ urls: [shoe], sendAfter: new Date(start + milliseconds).toISOString() });
  expect((await after(31 * dayMs)).status).toBe(202);
  expect((await after(31 * dayMs + 1)).status).toBe(422);
});

test("saves within the time to settle share one purge, which is sent after the first one's time", async () => {
  const { body } = await submit({ images: ["/shoe.jpg"], settleSeconds: 60 });
  expect(body.purges).toMatchObject([
    { state: "queued", scheduled: false, sendAt: new Date(start + 60 * secondMs).toISOString() },
  ]);
  time.now += 30 * secondMs;
  const second = await submit({ images: ["/shoe.jpg"], settleSeconds: 60 });
  expect(second.body).toMatchObject({ units: 0, lines: [{ purgeIds: [body.purges[0].id] }] });
  expect(purged()).toEqual([]);
  await sweepAt(start + 60 * secondMs);
  expect(purged()).toEqual([`${shoe}*`]);
});

test("a request that does not settle joins one that does, and sends it at once", async () => {
  const { body } = await submit({ urls: [shoe], settleSeconds: 600 });
  const urgent = await submit({ urls: [shoe], settleSeconds: 0 });
  expect(urgent.body).toMatchObject({ units: 0, lines: [{ verdict: "joined", purgeId: body.purges[0].id }] });
  expect(purged()).toEqual([shoe]);
});

test("a batch whose purges wait for their time takes no more than its reservation", async () => {
  const urls = Array.from({ length: 100 }, (_, n) => `${base}/${n}.jpg`);
  await desk.redis.bridge.resetCounts();
  expect((await submit({ urls, sendAfter: saleStart })).status).toBe(202);
  expect(desk.redis.bridge.counts().roundTrips).toBeLessThanOrEqual(2);
});
