import { expect, test } from "vitest";
import { LedgerFull } from "../../src/ledger/contract.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { describeOn } from "../support/ledger-backends.ts";
import { redisContent } from "../support/redis-content.ts";
import { accepted, completed, minute, second, testLedger } from "../support/test-ledger.ts";

const refusals = [
  { by: "Redis", refused: "OOM command not allowed when used memory > 'maxmemory'.", wroteNothing: true },
  // Whether what a script wrote before is undone is not documented.
  { by: "Upstash", refused: "ERR DB capacity quota exceeded", wroteNothing: false },
];

describeLedger("a Redis that is full", (backend) => {
  test.each(refusals)(
    "a Redis that is full, in $by's words, is reported at once, not after reruns",
    async ({ refused, wroteNothing }) => {
      const ledger = testLedger(backend);
      await ledger.accept(["a"]);
      await backend.bridge.resetCounts();
      backend.bridge.setFault(() => ({ refused }));
      const thrown = await ledger.submit(["b"]).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(LedgerFull);
      expect(thrown).toMatchObject({ wroteNothing });
      expect(backend.bridge.counts().roundTrips).toBe(1);
    },
  );

  test("a full Redis is not said to have written nothing if an earlier attempt of the call may have been executed", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(["a"]);
    let attempts = 0;
    backend.bridge.setFault(() => {
      attempts += 1;
      return attempts === 1 ? "lose-reply" : { refused: "OOM command not allowed" };
    });
    await expect(ledger.submit(["b"])).rejects.toMatchObject({ name: "LedgerFull", wroteNothing: false });
    backend.bridge.setFault(undefined);
    expect(await ledger.readBudget()).toMatchObject({ reserved: 2 });
  });

  test("G2: an acceptance that a full Redis cannot write stays charged and becomes unknown", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    backend.bridge.setFault(() => ({ refused: "ERR DB capacity quota exceeded" }));
    await expect(ledger.settle(lease, accepted("ik"))).rejects.toThrow(LedgerFull);
    backend.bridge.setFault(undefined);
    ledger.time.now += minute;
    await ledger.leaseDue("send");
    expect(await ledger.stateOf(lease.purgeId)).toBe("unknown");
    expect(await ledger.readBudget()).toMatchObject({ spent: 1 });
  });
});

describeOn("redis-server", "a redis-server at its maxmemory", (backend) => {
  const whileFull = async <T>(work: () => Promise<T>): Promise<T> => {
    await backend.raw.config("SET", "maxmemory", "1");
    return work().finally(() => backend.raw.config("SET", "maxmemory", "0"));
  };

  test.each([["the first one"], ["one after another"]])(
    "a redis-server at its maxmemory accepts no submission and writes nothing of it: %s",
    async (which) => {
      const ledger = testLedger(backend, { quota: 2 });
      if (which === "one after another") await ledger.accept(["a"]);
      const before = await redisContent(backend.raw);
      const idempotency = { keyHash: "k", bodyHash: "b" };
      const submitted = whileFull(() => ledger.submit(["b"], { wave: 1, idempotency }));
      await expect(submitted).rejects.toMatchObject({ name: "LedgerFull", wroteNothing: true });
      expect(await redisContent(backend.raw)).toEqual(before);
    },
  );

  test("a redis-server at its maxmemory accepts no submission while held purges could be sent", async () => {
    const ledger = testLedger(backend, { quota: 1 });
    await ledger.accept(["a", "b"], { onExhausted: "hold" });
    const more = testLedger(backend, { quota: 9 }, 0, ledger);
    const before = await redisContent(backend.raw);
    await expect(whileFull(() => more.submit(["c"]))).rejects.toMatchObject({ wroteNothing: true });
    expect(await redisContent(backend.raw)).toEqual(before);
  });

  test("G1: a redis-server at its maxmemory still writes sends, answers and polls up to Completed", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["sent", "queued"]);
    await whileFull(async () => {
      for (const lease of await ledger.leaseDue("send"))
        await ledger.settle(lease, accepted(`ik-${lease.purgeId}`));
      expect(await Promise.all(ids.map(ledger.stateOf))).toEqual(["pending", "pending"]);
      ledger.time.now += 5 * second;
      for (const lease of await ledger.leaseDue("poll")) await ledger.settle(lease, completed);
      expect(await Promise.all(ids.map(ledger.stateOf))).toEqual(["completed", "completed"]);
    });
    expect(await ledger.readBudget()).toMatchObject({ spent: 2, reserved: 0 });
  });

  test("a redis-server at its maxmemory still answers a caller with a rate, and its probe reports that it is full", async () => {
    const ledger = testLedger(backend, { callerRate: { perSecond: 1, burst: 10 } });
    const { ids } = await ledger.accept(["a"]);
    await whileFull(async () => {
      const own = ledger.onBehalfOf({ caller: "shop" });
      expect(await own.readPurge(ids[0] ?? "")).toMatchObject({ state: "queued" });
      await expect(ledger.probe()).rejects.toThrow(LedgerFull);
    });
    await ledger.probe();
  });
});
