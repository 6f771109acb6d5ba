import { expect, test } from "vitest";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { day, midNovember, testLedger } from "../support/test-ledger.ts";

const nextWeek = midNovember + 7 * day;

describeLedger("a ledger that lost its schedule", (backend) => {
  test.each([
    { lost: ["scheduled"] },
    { lost: ["wake"] },
    { lost: ["scheduled", "wake"] },
    { lost: ["scheduled", "wake", "open"] },
  ])(
    "G1: $lost lost is an alarm that names it, and a check rebuilds it: nothing is sent early, all is sent",
    async ({ lost }) => {
      const ledger = testLedger(backend);
      const { ids } = await ledger.accept(["a", "b"], { sendAfter: nextWeek });
      const now = await ledger.accept(["now"]);
      await backend.raw.del(...lost.map((key) => `test:1:${key}`));
      await ledger.audit();
      const { alarms } = await ledger.health();
      const damage = alarms.find(({ code }) => code === "ledger-damaged")?.message;
      expect(damage).toContain(`test:1:${lost[0]}`);
      expect(await auditLedger(backend.raw, "test")).toEqual([]);
      await ledger.correct({ external: 0, actor: "admin" });
      expect(await ledger.alarmCodes()).toEqual([]);
      expect((await ledger.leaseDue("send")).map(({ purgeId }) => purgeId)).toEqual(now.ids);
      ledger.time.now = nextWeek;
      expect((await ledger.readSweepState()).sends).toBe(true);
      expect((await ledger.leaseDue("send")).map(({ purgeId }) => purgeId).toSorted()).toEqual(
        ids.toSorted(),
      );
    },
  );

  test("G1: a repair finds scheduled purges in records alone when every queue, count and the index are gone", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a", "b"], { sendAfter: nextWeek });
    await backend.raw.del(...["scheduled", "wake", "open", "index"].map((key) => `test:1:${key}`));
    await ledger.repair();
    expect(await auditLedger(backend.raw, "test")).toEqual([]);
    expect(await ledger.leaseDue("send")).toEqual([]);
    ledger.time.now = nextWeek;
    expect(await ledger.leaseDue("send")).toHaveLength(ids.length);
  });

  test("G1: a repair moves a scheduled purge out of a queue in which it does not belong", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"], { sendAfter: nextWeek });
    await backend.raw.zadd("test:1:send", midNovember, ids[0] ?? "");
    await ledger.repair();
    expect(await auditLedger(backend.raw, "test")).toEqual([]);
    expect(await ledger.readBudget()).toMatchObject({ reserved: 1 });
    expect(await ledger.leaseDue("send")).toEqual([]);
  });
});
