import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pollThenReadBatch, pollThenReadPurge } from "../../src/use-cases/read-purges.ts";
import { sweep } from "../../src/use-cases/sweep.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";
import { simpleCdn } from "../support/simple-cdn.ts";
import { second } from "../support/test-ledger.ts";

const time = { now: 0 };
let desk: TestApp;
let cdn: ReturnType<typeof simpleCdn>;

beforeEach(async () => {
  // No minute in which an idle sweep would write a heartbeat or audit.
  time.now = Date.parse("2026-11-15T12:03:00.000Z");
  desk = await startApp({ time, env: { PURGE_EDGE_CHECK: "on" } });
  cdn = simpleCdn(time);
  desk.imagekit.answer = cdn.answer;
});
afterEach(() => desk.close());

const sweepNow = () => sweep(desk.services, { deadlineMs: desk.services.clock.monotonicMs() + 25_000 });

async function submit(...names: readonly string[]) {
  const urls = names.map((name) => `https://ik.imagekit.io/demo/${name}.jpg`);
  const call = { method: "POST", token: tokens.purge, json: { urls } };
  const { body } = await desk.call("/api/purges", call);
  return { batchId: body.id, ids: body.purges.map(({ id }: { id: string }) => id) };
}

/** A purge that is completed and whose check is due now. */
async function submitAndComplete(name: string) {
  const made = await submit(name);
  time.now += 5 * second;
  await sweepNow();
  time.now += 5 * second;
  return made;
}

test("two sweeps and two readers at once read what the edge serves once", async () => {
  const { batchId, ids } = await submitAndComplete("shoe");
  cdn.read.length = 0;
  await Promise.all([
    sweepNow(),
    sweepNow(),
    pollThenReadPurge(desk.services, ids[0]),
    pollThenReadBatch(desk.services, batchId, 0),
  ]);
  expect(cdn.read).toHaveLength(1);
  const purge = await desk.services.ledger.readPurge(ids[0]);
  expect(purge?.edge).toMatchObject({ tries: 1, outcome: expect.not.stringMatching("waiting") });
});

test.each(["the purge", "its batch"])(
  "reading %s makes its due check, and shows what was found",
  async (what) => {
    const { batchId, ids } = await submitAndComplete("shoe");
    cdn.etag = "new";
    const purge =
      what === "the purge"
        ? await pollThenReadPurge(desk.services, ids[0])
        : (await pollThenReadBatch(desk.services, batchId, 0))?.purges[0];
    expect(purge?.edge).toMatchObject({ outcome: "fresh", after: { fingerprint: "etag new" } });
  },
);

test("while the CDN hangs, the same sweep sends and polls", async () => {
  await submitAndComplete("checked");
  const { ids: polled } = await submit("polled");
  desk.imagekit.answer = () => Response.json({ message: "slow down" }, { status: 429 });
  const { ids: sent } = await submit("sent");
  time.now += 61 * second;
  let free = () => {};
  const freed = new Promise<void>((resolve) => {
    free = resolve;
  });
  let hanging = 0;
  desk.imagekit.answer = async (request) => {
    if (request.method !== "HEAD") return cdn.answer(request);
    hanging += 1;
    await freed;
    return cdn.answer(request);
  };
  const sweeping = sweepNow();
  const states = async () => {
    const purges = await Promise.all([...polled, ...sent].map(desk.services.ledger.readPurge));
    return purges.map((purge) => purge?.state).join();
  };
  while (hanging === 0 || (await states()) !== "completed,pending") await setImmediate();
  free();
  await sweeping;
});

test("a sweep is one plain read while the next try is minutes away, and once checks are decided", async () => {
  const roundTrips = async () => {
    await desk.redis.bridge.resetCounts();
    await sweepNow();
    return desk.redis.bridge.counts().roundTrips;
  };
  cdn.clears = false;
  const { ids } = await submitAndComplete("shoe");
  await sweepNow();
  time.now += 60 * second;
  await sweepNow();
  await sweepNow();
  expect((await desk.services.ledger.readPurge(ids[0]))?.edge).toMatchObject({
    outcome: "waiting",
    tries: 2,
  });
  expect(await roundTrips()).toBe(1);
  time.now += 240 * second;
  await sweepNow();
  await sweepNow();
  expect((await desk.services.ledger.readPurge(ids[0]))?.edge?.outcome).toBe("stale");
  expect(await roundTrips()).toBe(1);
});

test("a purge that asks for no check is never read at the edge", async () => {
  const json = { urls: ["https://ik.imagekit.io/demo/shoe.jpg"], check: false };
  const { body } = await desk.call("/api/purges", { method: "POST", token: tokens.purge, json });
  for (let i = 0; i < 3; i++) {
    time.now += 10 * second;
    await sweepNow();
  }
  const purge = await desk.services.ledger.readPurge(body.purges[0].id);
  expect(purge).toMatchObject({ state: "completed" });
  expect(purge?.edge).toBeUndefined();
  expect(cdn.read).toEqual([]);
});
