import { expect, test } from "vitest";
import { TooManyRequests } from "../../src/ledger/principal.ts";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import { minute, testLedger } from "../support/test-ledger.ts";

/** Enough for some twenty of the requests below, and for one more about every minute. */
const callerStorage = { perSecond: 100, burst: 120_000 };

describeOnEveryRedis("what one caller may fill of the ledger", (backend) => {
  /** A batch that costs nothing: it joins an open purge, and has a rejected line, which is stored. */
  const joining = (ledger: ReturnType<typeof testLedger>, actor: string) => {
    const lines = [{ line: 1, verdict: "rejected", violations: [], input: "x".repeat(3_000) }] as const;
    return ledger.submit(["open"], { actor, changedAt: ledger.time.now - minute, lines });
  };
  const untilFull = async (ledger: ReturnType<typeof testLedger>, actor: string) => {
    for (let count = 0; count < 100; count++) {
      const reply = await joining(ledger, actor).catch((error: unknown) => error);
      if (reply instanceof TooManyRequests) return { count, retryInMs: reply.retryInMs, limit: reply.limit };
    }
    throw new Error("it has no end");
  };

  test("what one caller stores is limited even if it spends no unit, and a refused request writes nothing", async () => {
    const ledger = testLedger(backend, { callerStorage });
    const { batch } = await ledger.accept(["open"], { actor: "other" });
    const { count, limit } = await untilFull(ledger, "greedy");
    expect([count > 5 && count < 40, limit]).toEqual([true, "storage"]);
    expect(await ledger.readBudget()).toMatchObject({ reserved: 1, spent: 0 });
    const [open] = batch.purges;
    expect((await ledger.purge(open?.id ?? "")).batches).toHaveLength(1 + count);
    expect((await backend.raw.keys("test:1:batch:*")).length).toBe(1 + count);
    expect(await auditLedger(backend.raw, "test")).toEqual([]);
  });

  test("each caller has a storage limit of its own, which refills with time and ignores a repeated submission", async () => {
    const ledger = testLedger(backend, { callerStorage });
    const key = { keyHash: "k", bodyHash: "b" };
    await ledger.accept(["open"], { actor: "greedy", idempotency: key });
    const { retryInMs } = await untilFull(ledger, "greedy");
    expect(await ledger.submit(["open"], { actor: "greedy", idempotency: key })).toMatchObject({
      outcome: "replayed",
    });
    expect(await joining(ledger, "modest")).toMatchObject({ outcome: "reserved" });
    ledger.time.now += retryInMs - 1;
    await expect(joining(ledger, "greedy")).rejects.toBeInstanceOf(TooManyRequests);
    ledger.time.now += 1;
    expect(await joining(ledger, "greedy")).toMatchObject({ outcome: "reserved" });
  });

  test("the storage limit allows a month's quota of full batches many times over", async () => {
    const ledger = testLedger(backend, {
      quota: 1_000,
      callerStorage: { perSecond: 1, burst: 50_000_000 / 10 },
    });
    for (let batch = 0; batch < 10; batch++) {
      const names = Array.from(
        { length: 100 },
        (_, line) => `catalog/autumn-2026/shoe-${batch}-${line}.jpg*`,
      );
      await ledger.accept(names);
    }
    expect(await ledger.readBudget()).toMatchObject({ available: 0 });
  });
});
