import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Services } from "../../src/services.ts";
import { pollThenReadBatch, pollThenReadPurge } from "../../src/use-cases/read-purges.ts";
import { sweepLedger } from "../../src/use-cases/sweep.ts";
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

const sweepNow = () => sweepLedger(desk.services, { deadlineMs: desk.services.clock.monotonicMs() + 25_000 });

async function submit(...names: readonly string[]) {
  const urls = names.map((name) => `https://ik.imagekit.io/demo/${name}.jpg`);
  const call = { method: "POST", token: tokens.purge, json: { urls } };
  const { body } = await desk.call("/api/purges", call);
  return { batchId: body.id, ids: body.purges.map(({ id }: { id: string }) => id) };
}

/** The services of a reader, and the work that it leaves in the background. */
function reader() {
  const work: Promise<unknown>[] = [];
  const services: Services = { ...desk.services, background: (one) => work.push(one) };
  return { services, settled: () => Promise.all(work) };
}

/** HEAD is not answered until the test says so. */
function hangingCdn() {
  const hanging = { count: 0, free: () => {} };
  const freed = new Promise<void>((resolve) => {
    hanging.free = resolve;
  });
  desk.imagekit.answer = async (request) => {
    if (request.method !== "HEAD") return cdn.answer(request);
    hanging.count += 1;
    await freed;
    return cdn.answer(request);
  };
  return hanging;
}

const until = async (isSo: () => boolean) => {
  while (!isSo()) await setImmediate();
};

const wasLogged = (event: string) => desk.logged.some((line) => JSON.parse(line).event === event);

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
  const { services, settled } = reader();
  await Promise.all([
    sweepNow(),
    sweepNow(),
    pollThenReadPurge(services, ids[0]),
    pollThenReadBatch(services, batchId, 0),
  ]);
  await settled();
  expect(cdn.read).toHaveLength(1);
  const purge = await desk.services.ledger.readPurge(ids[0]);
  expect(purge?.edge).toMatchObject({ tries: 1, outcome: expect.not.stringMatching("waiting") });
});

test.each(["the purge", "its batch"])(
  "reading %s begins its due check, and the next reader sees what was found",
  async (what) => {
    const { batchId, ids } = await submitAndComplete("shoe");
    cdn.etag = "new";
    const { services, settled } = reader();
    if (what === "the purge") await pollThenReadPurge(services, ids[0]);
    else await pollThenReadBatch(services, batchId, 0);
    await settled();
    expect((await desk.services.ledger.readPurge(ids[0]))?.edge).toMatchObject({
      outcome: "fresh",
      after: { fingerprint: "etag new" },
    });
  },
);

test("while the CDN hangs, the same sweep sends and polls", async () => {
  await submitAndComplete("checked");
  const { ids: polled } = await submit("polled");
  desk.imagekit.answer = () => Response.json({ message: "slow down" }, { status: 429 });
  const { ids: sent } = await submit("sent");
  time.now += 61 * second;
  const hanging = hangingCdn();
  const sweeping = sweepNow();
  const states = async () => {
    const purges = await Promise.all([...polled, ...sent].map(desk.services.ledger.readPurge));
    return purges.map((purge) => purge?.state).join();
  };
  while (hanging.count === 0 || (await states()) !== "completed,pending") await setImmediate();
  hanging.free();
  await sweeping;
});

test.each([
  ["a purge", undefined],
  ["a batch", undefined],
  ["a batch", "wait=1"],
])("a CDN that hangs delays no reader of %s that is done (Prefer: %s)", async (what, prefer) => {
  const { batchId, ids } = await submitAndComplete("shoe");
  const hanging = hangingCdn();
  const { status, body } = await desk.call(
    what === "a purge" ? `/api/purges/${ids[0]}` : `/api/batches/${batchId}`,
    {
      token: tokens.read,
      headers: prefer === undefined ? {} : { Prefer: prefer },
    },
  );
  const [purge = body] = body.purges ?? [];
  expect({ status, purge }).toMatchObject({
    status: 200,
    purge: { state: "completed", edge: { outcome: "waiting", after: null } },
  });
  await until(() => hanging.count === 1);
  hanging.free();
});

/** From now on scripts that lease in this lane, or settle in it, end with an error. */
function breakLane(lane: string) {
  const broken = { refused: 0 };
  desk.redis.bridge.setFault(({ commands }) => {
    if (!commands.some((command) => command.at(-1)?.includes(`"lane":"${lane}"`))) return "pass";
    broken.refused += 1;
    return { refused: "ERR user_script:1: broken" };
  });
  return broken;
}

/** A purge that is queued and due, and a POST that is answered only when the test says so. */
async function sendUnderWay() {
  desk.imagekit.answer = () => Response.json({ message: "slow down" }, { status: 429 });
  const { ids } = await submit("sent");
  time.now += 61 * second;
  const post = { begun: false, answer: () => {} };
  const answered = new Promise<void>((resolve) => {
    post.answer = resolve;
  });
  desk.imagekit.answer = async (request) => {
    if (request.method === "POST") {
      post.begun = true;
      await answered;
    }
    return cdn.answer(request);
  };
  return { id: ids[0], post };
}

test("a fault of the checks ends no sweep: sends that are under way are settled, and the fault is logged", async () => {
  await submitAndComplete("checked");
  const { id, post } = await sendUnderWay();
  breakLane("check");
  const sweeping = sweepNow();
  await until(() => post.begun && wasLogged("checks-failed"));
  post.answer();
  expect(await sweeping).toMatchObject({ "send-accepted": 1 });
  expect((await desk.services.ledger.readPurge(id))?.state).toBe("pending");
});

test("a sweep whose polls fail ends with their error once the sends that are under way are settled", async () => {
  await submit("polled");
  const { id, post } = await sendUnderWay();
  const broken = breakLane("poll");
  let over = false;
  const sweeping = sweepNow().finally(() => {
    over = true;
  });
  sweeping.catch(() => undefined);
  await until(() => post.begun && broken.refused > 0);
  for (let i = 0; i < 20; i++) await desk.services.ledger.readPurge(id);
  expect(over).toBe(false);
  post.answer();
  await expect(sweeping).rejects.toThrow("broken");
  desk.redis.bridge.setFault(undefined);
  expect((await desk.services.ledger.readPurge(id))?.state).toBe("pending");
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
