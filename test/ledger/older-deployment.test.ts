import { expect, test } from "vitest";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { day, midNovember, minute, type TestLedger, testLedger } from "../support/test-ledger.ts";

const nextWeek = midNovember + 7 * day;

/** A deployment from before purges could be scheduled may run beside this one, or be rolled back to. */
describeLedger("beside an older deployment", (backend) => {
  async function scheduled(ledger: TestLedger): Promise<string> {
    const { ids } = await ledger.accept(["a"], { sendAfter: nextWeek });
    return ids[0] ?? "";
  }

  /** Writes a purge's record as the older deployment leaves it. */
  async function rewrite(id: string, change: Readonly<Record<string, unknown>>) {
    const key = `test:1:purge:${id}`;
    const record = JSON.parse((await backend.raw.get(key)) ?? "");
    await backend.raw.set(key, JSON.stringify({ ...record, ...change }));
  }

  const sentNow = async (ledger: TestLedger) => (await ledger.leaseDue("send")).map(({ purgeId }) => purgeId);

  test("a scheduled purge that an older deployment put back into the send queue is sent once, at its time", async () => {
    const ledger = testLedger(backend);
    const id = await scheduled(ledger);
    // Its audit misses the purge in the send queue, and puts it there, due at its `nextCheckAt`.
    await backend.raw.zadd("test:1:send", nextWeek, id);
    ledger.time.now = nextWeek - 1;
    expect(await sentNow(ledger)).toEqual([]);
    ledger.time.now = nextWeek;
    expect(await sentNow(ledger)).toEqual([id]);
    expect(await sentNow(ledger)).toEqual([]);
    expect(await auditLedger(backend.raw, "test")).toEqual([]);
  });

  test.each(["by a sweep", "by its id"])(
    "a scheduled purge that an older deployment made due now is not sent early %s",
    async (how) => {
      const ledger = testLedger(backend);
      const id = await scheduled(ledger);
      // It was held and is queued again: an older deployment does not know `sendAt`.
      await backend.raw.zrem("test:1:scheduled", id);
      await backend.raw.del("test:1:wake");
      await backend.raw.zadd("test:1:send", midNovember, id);
      await rewrite(id, { nextCheckAt: midNovember });
      ledger.time.now += minute;
      const { leases } = await ledger.ask("send", 5, how === "by its id" ? [id] : undefined);
      expect(leases).toEqual([]);
      expect(await auditLedger(backend.raw, "test")).toEqual([]);
      ledger.time.now = nextWeek;
      expect(await sentNow(ledger)).toEqual([id]);
    },
  );

  test("a scheduled purge that an older deployment cancelled leaves the schedule at its time, unsent", async () => {
    const ledger = testLedger(backend);
    const id = await scheduled(ledger);
    await ledger.cancel(id, { actor: "shop", scope: "own-batches" });
    // It does not take it out of the set that it does not know.
    await backend.raw.zadd("test:1:scheduled", nextWeek, id);
    await backend.raw.set("test:1:wake", nextWeek);
    ledger.time.now = nextWeek;
    expect(await sentNow(ledger)).toEqual([]);
    expect(await ledger.stateOf(id)).toBe("cancelled");
    expect(await auditLedger(backend.raw, "test")).toEqual([]);
  });
});
