/** The real `@imagekit/nodejs`, unchanged and with its default resends, whose base URL is Purge Desk. */

import ImageKit from "@imagekit/nodejs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { tokens } from "../support/app.ts";
import { second } from "../support/test-ledger.ts";
import { type DropInServer, startDropInServer } from "./drop-in-server.ts";

const shoe = "https://ik.imagekit.io/demo/shoe.jpg";
let desk: DropInServer;

beforeAll(async () => {
  desk = await startDropInServer();
});
beforeEach(() => desk.clear());
afterAll(() => desk.close());

const create = (url = shoe, options: Parameters<DropInServer["sdk"]>[0] = {}) =>
  desk.sdk(options).cache.invalidation.create({ url });
const get = (id = "") => desk.sdk().cache.invalidation.get(id);
const refused = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail("was accepted"),
    (error) => error,
  );
/** Every purge that ImageKit took, or may have taken, is paid for. */
const expectNoMoreSendsThan = async (units: number) => {
  expect(await desk.units()).toBe(units);
  expect(desk.imagekit.control.totals("send").accepted ?? 0).toBeLessThanOrEqual(units);
};

describe("the official SDK", () => {
  afterEach(() => vi.unstubAllEnvs());

  test("the official SDK, given two environment variables, purges a URL and reads its status until Completed", async () => {
    vi.stubEnv("IMAGE_KIT_BASE_URL", desk.url);
    vi.stubEnv("IMAGEKIT_PRIVATE_KEY", tokens.purge);
    const { invalidation } = new ImageKit().cache;
    const { requestId = "" } = await invalidation.create({ url: shoe });
    expect(requestId).toMatch(/^[0-9a-f]{24}$/);
    expect(await invalidation.get(requestId)).toEqual({ status: "Pending" });
    desk.time.now += 5 * second;
    expect(await invalidation.get(requestId)).toEqual({ status: "Pending" });
    desk.imagekit.control.complete();
    // Completed at ImageKit, and not asked since: it is not Completed before ImageKit has said so.
    expect(await invalidation.get(requestId)).toEqual({ status: "Pending" });
    desk.time.now += 5 * second;
    expect(await invalidation.get(requestId)).toEqual({ status: "Completed" });
    await expectNoMoreSendsThan(1);
    expect(desk.imagekit.control.byUrl().get(shoe)).toMatchObject({ total: 1, accepted: 1 });
  });

  test("ImageKit's own id is found too", async () => {
    await create();
    const [arrival] = desk.imagekit.arrivals();
    expect(await get(arrival?.imagekitRequestId)).toEqual({ status: "Pending" });
  });

  test("two saves within 30 s are two purges", async () => {
    const first = await create();
    desk.time.now += 20 * second;
    const again = await create();
    expect(again.requestId).not.toBe(first.requestId);
    await expectNoMoreSendsThan(2);
    expect(desk.imagekit.control.totals("send")).toMatchObject({ accepted: 2 });
  });
});

describe("a lost answer", () => {
  test.each([
    ["breaks off", ["reset"]],
    ["is a proxy's", [502]],
    ["never comes", ["hang"]],
  ] as const)("an answer that %s is asked for again, which costs nothing", async (_, ways) => {
    desk.ways.push(...ways);
    const { requestId } = await create(shoe, { timeout: 2_000 });
    expect(desk.retries.slice(0, 2)).toEqual(["0", "1"]);
    expect(await get(requestId)).toEqual({ status: "Pending" });
    await expectNoMoreSendsThan(1);
    expect(desk.imagekit.control.totals("send")).toMatchObject({ total: 1 });
  });

  test("of two saves, each with a lost answer, each costs one unit", async () => {
    for (const _ of ["first", "second"]) {
      desk.ways.push("reset");
      await create();
      desk.time.now += 10 * second;
    }
    expect(desk.retries).toEqual(["0", "1", "0", "1"]);
    await expectNoMoreSendsThan(2);
  });

  test("where no answer ever comes, the SDK says so, and its three requests were one purge", async () => {
    desk.ways.push("reset", "reset", "reset");
    expect(await refused(create())).toBeInstanceOf(ImageKit.APIConnectionError);
    await expectNoMoreSendsThan(1);
  });

  test("an answer that takes too long is the SDK's time-out, and was one purge", async () => {
    desk.ways.push("hang", "hang", "hang");
    expect(await refused(create(shoe, { timeout: 300 }))).toBeInstanceOf(ImageKit.APIConnectionTimeoutError);
    await expectNoMoreSendsThan(1);
  });
});

describe("a faulty ImageKit", () => {
  test.each([
    ["never answers", { kind: "hang", processed: true }, 2],
    ["breaks the connection before it reads", { kind: "reset-before-body-is-read" }, 2],
    ["breaks the connection after it has taken the purge", { kind: "reset-after-processing" }, 2],
    ["answers 500 and has taken the purge", { kind: 500, processed: true }, 2],
    ["answers 503", { kind: 503 }, 2],
    ["answers 429", { kind: 429, resetMs: 1_000 }, 1],
  ] as const)(
    "while ImageKit %s, the SDK asks once, and ImageKit gets one purge for each unit",
    async (_, fault, units) => {
      desk.imagekit.control.addFaults({ endpoint: "send", ...fault });
      const { requestId } = await create();
      expect(desk.retries).toEqual(["0"]);
      expect(await get(requestId)).toEqual({ status: "Pending" });
      expect(desk.imagekit.control.totals("send").total).toBe(1);
      // The one resend of Purge Desk's own: after a minute, for a unit of its own where the first may have arrived.
      desk.time.now += 61 * second;
      await desk.sweep();
      desk.time.now += second;
      await desk.sweep();
      await expectNoMoreSendsThan(units);
      expect(desk.imagekit.control.totals("send").total).toBeLessThanOrEqual(2);
      expect(await get(requestId)).toEqual({ status: "Pending" });
    },
  );

  test("while ImageKit refuses the private key of Purge Desk, the purge waits, and the SDK sees Pending", async () => {
    desk.imagekit.control.addFaults({ endpoint: "send", kind: 401 });
    const { requestId } = await create();
    expect(await get(requestId)).toEqual({ status: "Pending" });
    await expectNoMoreSendsThan(1);
  });
});

describe("a ledger that goes away", () => {
  test("while the ledger is away the SDK gets its InternalServerError, and nothing is sent; then a call works", async () => {
    desk.redis.bridge.setFault(() => "lose-request");
    const error = await refused(create());
    expect(error).toBeInstanceOf(ImageKit.InternalServerError);
    expect(error).toMatchObject({
      status: 503,
      error: { help: expect.stringContaining("an SDK's own resend, it costs nothing more") },
    });
    expect(desk.retries).toEqual(["0", "1", "2"]);
    expect(desk.imagekit.arrivals()).toEqual([]);
    desk.redis.bridge.setFault(undefined);
    await create();
    await expectNoMoreSendsThan(1);
  });

  test("a purge that was recorded before the ledger went away is not sent for a second unit by the SDK's resend", async () => {
    let requests = 0;
    // The reservation is recorded and all replies are lost, until the SDK resends.
    desk.redis.bridge.setFault(() =>
      desk.retries.length > 1 ? "pass" : requests++ === 0 ? "lose-reply" : "lose-request",
    );
    await create();
    expect(desk.retries).toEqual(["0", "1"]);
    desk.time.now += 61 * second;
    await desk.sweep();
    await expectNoMoreSendsThan(await desk.units());
    expect(desk.imagekit.control.totals("send").total).toBeLessThanOrEqual(1);
  });
});
