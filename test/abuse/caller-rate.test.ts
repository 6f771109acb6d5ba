import { expect, test } from "vitest";
import { TooManyRequests } from "../../src/ledger/principal.ts";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import { accepted, reservationOf, testLedger } from "../support/test-ledger.ts";

/** Slow, so that keys, which expire by the real clock, outlive a test that stops its own clock. */
const rate = { callerRate: { perSecond: 0.1, burst: 5 } } as const;

describeOnEveryRedis("a caller's rate", (backend) => {
  const askedBy = (ledger: ReturnType<typeof testLedger>, caller: string) =>
    ledger.onBehalfOf({ caller }).readBudget();
  const grantedOf = async (asking: readonly Promise<unknown>[]) => {
    const settled = await Promise.allSettled(asking);
    for (const each of settled) {
      if (each.status === "rejected") expect(each.reason).toBeInstanceOf(TooManyRequests);
    }
    return settled.filter(({ status }) => status === "fulfilled").length;
  };

  test("a caller's rate holds over two instances that share a Redis", async () => {
    const [one, other] = [testLedger(backend, rate), testLedger(backend, rate)];
    const asking = Array.from({ length: 40 }, (_, n) => askedBy(n % 2 === 0 ? one : other, "shop"));
    expect(await grantedOf(asking)).toBe(5);
  });

  test("a caller's rate refills steadily up to its burst, and the refusal says how long that takes", async () => {
    const ledger = testLedger(backend, rate);
    const ask = () => askedBy(ledger, "shop");
    expect(await grantedOf([1, 2, 3, 4, 5, 6].map(ask))).toBe(5);
    await expect(ask()).rejects.toMatchObject({ retryInMs: 10_000 });
    ledger.time.now += 9_999;
    await expect(ask()).rejects.toMatchObject({ retryInMs: 1 });
    ledger.time.now += 1;
    expect(await grantedOf([ask(), ask()])).toBe(1);
    ledger.time.now += 3_600_000;
    expect(await grantedOf([1, 2, 3, 4, 5, 6, 7].map(ask))).toBe(5);
  });

  test("each caller has a rate of its own, and the service itself has none", async () => {
    const ledger = testLedger(backend, rate);
    await grantedOf(Array.from({ length: 6 }, () => askedBy(ledger, "greedy")));
    expect(await grantedOf([askedBy(ledger, "modest")])).toBe(1);
    for (let n = 0; n < 10; n++) await ledger.readBudget();
  });

  test("after a clock is set back or the setting is lowered, a caller waits no longer than a full refill", async () => {
    const ledger = testLedger(backend, rate);
    await grantedOf(Array.from({ length: 6 }, () => askedBy(ledger, "shop")));
    ledger.time.now -= 3_600_000;
    await expect(askedBy(ledger, "shop")).rejects.toMatchObject({ retryInMs: 10_000 });
  });

  test("a request is charged to the rate once, however often it asks the ledger", async () => {
    const ledger = testLedger(backend, rate);
    const request = ledger.onBehalfOf({ caller: "shop" });
    for (let n = 0; n < 20; n++) await request.readBudget();
    expect(await grantedOf(Array.from({ length: 6 }, () => askedBy(ledger, "shop")))).toBe(4);
  });

  test("a call whose reply was lost is charged once, and its rerun is never refused", async () => {
    const ledger = testLedger(backend, { callerRate: { perSecond: 0.001, burst: 1 } });
    const request = ledger.onBehalfOf({ caller: "shop" });
    await ledger.submit(["loads the script"]);
    let lost = 0;
    backend.bridge.setFault(() => (lost++ === 0 ? "lose-reply" : "pass"));
    const lease = { token: ledger.nextId("l"), limit: 0 };
    const reply = await request.reserve(reservationOf(["a"], ledger.nextId, { lease }));
    expect([reply.outcome, lost > 1]).toEqual(["reserved", true]);
    await expect(askedBy(ledger, "shop")).rejects.toBeInstanceOf(TooManyRequests);
  });

  test("a submission over the rate writes nothing, and accepted purges are settled whatever the rate", async () => {
    const ledger = testLedger(backend, { callerRate: { perSecond: 0.001, burst: 1 } });
    const request = ledger.onBehalfOf({ caller: "shop" });
    const lease = { token: ledger.nextId("l"), limit: 1 };
    const reply = await request.reserve(reservationOf(["a"], ledger.nextId, { lease }));
    if (reply.outcome !== "reserved" || reply.leases[0]?.lane !== "send") throw new Error(reply.outcome);

    const over = ledger.onBehalfOf({ caller: "shop" });
    const next = reservationOf(["b"], ledger.nextId, { lease: { token: ledger.nextId("l"), limit: 1 } });
    await expect(over.reserve(next)).rejects.toBeInstanceOf(TooManyRequests);
    const { lane, purgeId, token } = reply.leases[0];
    await over.advance({ settlements: [{ lane, purgeId, token, result: accepted("ik1") }] });

    expect((await ledger.readPurge(purgeId))?.state).toBe("pending");
    expect(await ledger.readBatch(next.batchId)).toBeUndefined();
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 0 });
    expect(await auditLedger(backend.raw, "test")).toEqual([]);
  });

  test("a caller's rate costs no round trip, two commands, and a key that expires when the bucket is full", async () => {
    const [limited, free] = [testLedger(backend, rate), testLedger(backend)];
    const costOf = async (ledger: ReturnType<typeof testLedger>) => {
      await askedBy(ledger, "shop");
      await backend.bridge.resetCounts();
      await askedBy(ledger, "shop");
      return backend.bridge.counts().roundTrips;
    };
    expect([await costOf(limited), await costOf(free)]).toEqual([1, 1]);
    const ttlMs = await backend.raw.pttl("test:1:rate:shop");
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThanOrEqual(20_000);
  });
});
