/** The same guarantees for everyone who purges as if Purge Desk were ImageKit. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { second } from "../support/test-ledger.ts";
import { type Caller, callers } from "./callers.ts";
import { type DropInServer, refused, shoe, startDropInServer } from "./drop-in-server.ts";

let desk: DropInServer;

beforeAll(async () => {
  desk = await startDropInServer({ PURGE_MONTHLY_QUOTA: "4", PURGE_REPEAT_LIMIT: "off" });
});
beforeEach(() => desk.clear());
afterAll(() => desk.close());

/** The one resend of Purge Desk's own: after a minute. */
const resendWhatIsUnknown = async ({ time, sweep }: DropInServer) => {
  for (const passedMs of [61 * second, second]) {
    time.now += passedMs;
    await sweep();
  }
};

describe.each(Object.entries(callers))("%s", (_, { connect, resends }) => {
  let caller: Caller;
  beforeEach(() => {
    caller = connect(desk);
  });

  test("a purge is Pending until ImageKit has said that it is completed", async () => {
    const id = await caller.purge(shoe);
    expect(await caller.status(id)).toBe("Pending");
    await expect.poll(() => desk.imagekit.control.complete()).toBe(1);
    expect(await caller.status(id), "ImageKit was not asked since").toBe("Pending");
    desk.time.now += 5 * second;
    expect(await caller.status(id)).toBe("Completed");
    await desk.expectUnits(1);
    expect(desk.imagekit.control.byUrl().get(shoe)).toMatchObject({ total: 1, accepted: 1 });
  });

  test("two saves within 30 s are two purges", async () => {
    const first = await caller.purge(shoe);
    desk.time.now += 20 * second;
    expect(await caller.purge(shoe)).not.toBe(first);
    await desk.expectUnits(2);
    expect(desk.imagekit.control.totals("send")).toMatchObject({ accepted: 2 });
  });

  test.each([
    ["never answers", { kind: "hang", processed: true }, 2],
    ["breaks the connection before it reads", { kind: "reset-before-body-is-read" }, 2],
    ["breaks the connection after it has taken the purge", { kind: "reset-after-processing" }, 2],
    ["answers 500 and has taken the purge", { kind: 500, processed: true }, 2],
    ["answers 429", { kind: 429, resetMs: 1_000 }, 1],
    ["refuses the private key of Purge Desk", { kind: 401 }, 1],
  ] as const)(
    "while ImageKit %s, the caller asks once, and ImageKit gets at most one purge for each unit",
    async (_, fault, units) => {
      desk.imagekit.control.addFaults({ endpoint: "send", ...fault });
      const id = await caller.purge(shoe);
      expect(desk.answers).toHaveLength(1);
      expect(await caller.status(id)).toBe("Pending");
      expect(desk.imagekit.control.totals("send").total).toBe(1);
      await resendWhatIsUnknown(desk);
      expect(await desk.units(), "where the first may have arrived, the resend has a unit of its own").toBe(
        units,
      );
      expect(desk.imagekit.control.totals("send").accepted ?? 0).toBeLessThanOrEqual(units);
      expect(desk.imagekit.control.totals("send").total).toBeLessThanOrEqual(2);
      expect(await caller.status(id)).toBe("Pending");
    },
  );

  test.each([
    ["breaks off", "reset"],
    ["is a proxy's", 502],
    ["never comes", "hang"],
  ] as const)("an answer that %s costs nothing more when it is asked for again", async (_, way) => {
    desk.ways.push(way);
    const id = resends ? await caller.purge(shoe) : await refused(caller.purge(shoe)).then(() => undefined);
    await desk.expectUnits(1);
    expect(desk.answers).toHaveLength(resends ? 2 : 1);
    if (id !== undefined) expect(await caller.status(id)).toBe("Pending");
    // The next save is a purge of its own, whatever became of the answers before.
    desk.time.now += 10 * second;
    desk.ways.push(way);
    await caller.purge(shoe).catch(() => undefined);
    await desk.expectUnits(2);
  });

  test("where no answer ever comes the caller is told so, and all its requests were one purge", async () => {
    desk.ways.push(...Array.from({ length: 100 }, () => "reset" as const));
    expect(await refused(caller.purge(shoe))).toBeInstanceOf(Error);
    await desk.expectUnits(1);
  });

  test("while the ledger is away the caller is answered 503, and nothing is sent; then a call works", async () => {
    desk.redis.bridge.setFault(() => "lose-request");
    expect(await refused(caller.purge(shoe))).toMatchObject({ status: 503 });
    expect(desk.imagekit.arrivals()).toEqual([]);
    desk.redis.bridge.setFault(undefined);
    await caller.purge(shoe);
    await desk.expectUnits(1);
  });

  test("a purge that was recorded before the ledger went away is not sent for a second unit when it is asked for again", async () => {
    // A server of its own: one that knew of earlier purges would take an emptied Redis for a damaged one.
    const fresh = await startDropInServer();
    const freshCaller = connect(fresh);
    let requests = 0;
    // The reservation is recorded and all replies are lost, until the caller has had an answer.
    fresh.redis.bridge.setFault(() =>
      fresh.answers.length > 0 ? "pass" : requests++ === 0 ? "lose-reply" : "lose-request",
    );
    if (!resends) await refused(freshCaller.purge(shoe));
    await freshCaller.purge(shoe);
    expect(fresh.answers).toHaveLength(2);
    await resendWhatIsUnknown(fresh);
    await fresh.expectUnits(1);
    await fresh.close();
  });

  test("a budget that is used up is 429, which nobody asks again, and nothing is sent", async () => {
    for (const n of [1, 2, 3, 4]) await caller.purge(`${shoe}?v=${n}`);
    const error = await refused(caller.purge(shoe));
    expect(error).toMatchObject({ status: 429 });
    expect(error.message).toMatch(/0 (of 4 )?are left/);
    expect(desk.answers).toHaveLength(5);
    await desk.expectUnits(4);
  });
});
