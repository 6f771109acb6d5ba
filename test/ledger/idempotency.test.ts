import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { accepted, day, minute, testLedger } from "../support/test-ledger.ts";

const idempotency = { keyHash: "k1", bodyHash: "body1" };

describeLedger("idempotency keys", (backend) => {
  test("G6: the same key and body give the same batch as it is now, at no cost", async () => {
    const ledger = testLedger(backend);
    const first = await ledger.accept(["a", "b"], { idempotency, wave: 1 });
    await ledger.settle(first.leases[0], accepted("ik1"));
    const again = await ledger.submit(["a", "b"], { idempotency, wave: 2 });
    expect(again).toEqual({ outcome: "replayed", batch: await ledger.readBatch(first.batch.id) });
    expect(again.outcome === "replayed" && again.batch.purges[0]?.state).toBe("pending");
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 1 });
  });

  test("G6: the same key with another body is an error, and nothing is written", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(["a"], { idempotency });
    const other = { ...idempotency, bodyHash: "body2" };
    expect(await ledger.submit(["b"], { idempotency: other })).toEqual({ outcome: "key-reused" });
    expect(await ledger.readBudget()).toMatchObject({ reserved: 1 });
  });

  test("G6: another actor's key (another hash) is another key", async () => {
    const ledger = testLedger(backend);
    const first = await ledger.accept(["a"], { idempotency });
    const other = await ledger.accept(["b"], { idempotency: { keyHash: "k2", bodyHash: "body1" } });
    expect(other.batch.id).not.toBe(first.batch.id);
  });

  test("G6: a refusal is not stored: with budget again the same key is accepted", async () => {
    const ledger = testLedger(backend, { quota: 1 });
    const first = await ledger.accept(["a"]);
    expect(await ledger.submit(["b"], { idempotency })).toMatchObject({ outcome: "exhausted", units: 1 });
    expect(await backend.raw.keys("test:1:idempotency:*")).toEqual([]);
    await ledger.cancel(first.ids[0] ?? "", { actor: "shop", scope: "own-batches" });
    expect(await ledger.submit(["b"], { idempotency })).toMatchObject({ outcome: "reserved" });
  });

  test.each([
    { retentionDays: 1, keptDays: 1 },
    { retentionDays: 6, keptDays: 6 },
    { retentionDays: 7, keptDays: 7 },
    { retentionDays: 8, keptDays: 7 },
    { retentionDays: 400, keptDays: 7 },
  ])(
    "G6: with a retention of $retentionDays days a key is kept for $keptDays, and its batch no shorter",
    async ({ retentionDays, keptDays }) => {
      const ledger = testLedger(backend, { retentionDays });
      const { ids, batch } = await ledger.accept(["a"], { idempotency });
      await ledger.cancel(ids[0] ?? "", { actor: "shop", scope: "own-batches" });
      const batchTtl = await backend.raw.pttl(`test:1:batch:${batch.id}`);
      const keyTtl = await backend.raw.pttl("test:1:idempotency:k1");
      expect(keyTtl).toBeGreaterThan(keptDays * day - minute);
      expect(keyTtl).toBeLessThanOrEqual(keptDays * day);
      expect(batchTtl).toBeGreaterThanOrEqual(keyTtl);
    },
  );

  test("G6: 20 callers with the same key at once get one batch", async () => {
    const ledger = testLedger(backend);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => ledger.submit(["a", "b"], { idempotency, changedAt: 0, wave: 2 })),
    );
    expect(replies.filter(({ outcome }) => outcome === "reserved")).toHaveLength(1);
    expect(new Set(replies.map((reply) => "batch" in reply && reply.batch.id)).size).toBe(1);
    expect(await ledger.readBudget()).toMatchObject({ spent: 2, reserved: 0 });
  });
});
