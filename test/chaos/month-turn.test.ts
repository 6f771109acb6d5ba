import { expect, test } from "vitest";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeOnEveryRedis, type RedisBackend } from "../support/ledger-backends.ts";
import { accepted, testLedger, throttled, timedOut } from "../support/test-ledger.ts";

const turns = [
  ["UTC, the first", "UTC", 1, "2026-12-01T00:00:00.000Z", "2026-11", "2026-12"],
  ["UTC, a day 31 that November lacks", "UTC", 31, "2026-11-30T00:00:00.000Z", "2026-10", "2026-11"],
  [
    "Berlin, the day daylight saving ends",
    "Europe/Berlin",
    25,
    "2026-10-24T22:00:00.000Z",
    "2026-09",
    "2026-10",
  ],
  ["New York, the day it begins", "America/New_York", 8, "2026-03-08T05:00:00.000Z", "2026-02", "2026-03"],
  ["Santiago, a midnight it skips", "America/Santiago", 6, "2026-09-06T04:00:00.000Z", "2026-08", "2026-09"],
] as const;
const newYear = Date.parse("2027-01-01T00:00:00.000Z");

const names = (count: number, prefix = "shoe") => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
const expectSound = async ({ raw }: RedisBackend) => expect(await auditLedger(raw, "test")).toEqual([]);

describeOnEveryRedis("the turn of the month", (redis) => {
  test.each(turns)(
    "G3: the last second belongs to the old month: %s",
    async (_, timeZone, resetDay, at, old, next) => {
      const turn = Date.parse(at);
      const ledger = testLedger(redis, { timeZone, resetDay, quota: 3 }, turn - 120_000);
      await ledger.submit(["a", "b", "c"], { wave: 2 });
      ledger.time.now = turn - 1;
      expect(await ledger.readBudget()).toMatchObject({ month: old, spent: 2, reserved: 1, resetsAt: turn });
      expect((await ledger.submit(["d"])).outcome).toBe("exhausted");
      ledger.time.now = turn;
      expect(await ledger.readBudget()).toMatchObject({ month: next, spent: 0, reserved: 1, available: 2 });
      expect((await ledger.submit(["d"])).outcome).toBe("reserved");
      await expectSound(redis);
    },
  );

  test("G3: no send is leased that could start after the turn of the month; the rest of the batch is sent in the new month", async () => {
    const ledger = testLedger(redis, { quota: 100 }, newYear - 60_000);
    const first = await ledger.submit(names(40), { wave: 20 });
    if (first.outcome !== "reserved") throw new Error(first.outcome);
    expect(first.leases).toHaveLength(20);
    for (const lease of first.leases.slice(1)) await ledger.settle(lease, accepted(lease.purgeId));
    ledger.time.now = newYear - 59_999;
    expect(await ledger.leaseDue("send")).toHaveLength(0);
    ledger.time.now = newYear;
    expect(await ledger.leaseDue("send")).toHaveLength(20);
    expect(await ledger.readBudget()).toMatchObject({ month: "2027-01", spent: 20, reserved: 0 });
    // The answer comes after the turn: the unit goes back to the month in which it was spent.
    await ledger.settle(first.leases[0], throttled);
    expect(await ledger.readBudget()).toMatchObject({ spent: 20, reserved: 1 });
    expect(await redis.raw.hget(`test:1:month:${Date.parse("2026-12-01T00:00:00Z")}`, "spent")).toBe("19");
    await expectSound(redis);
  });

  test("G3: at the turn of the month held purges are released in order, up to the quota", async () => {
    const ledger = testLedger(redis, { quota: 5 }, newYear - 120_000);
    const { leases } = await ledger.accept(names(5, "sent"), { wave: 5 });
    for (const lease of leases) await ledger.settle(lease, accepted(lease.purgeId));
    await ledger.submit(names(4, "early"), { onExhausted: "hold" });
    ledger.time.now += 10;
    await ledger.submit(names(1, "late"), { onExhausted: "hold" });
    expect(await ledger.leaseDue("send")).toHaveLength(0);
    ledger.time.now = newYear;
    expect((await ledger.submit(["eager"])).outcome).toBe("exhausted");
    const strict = testLedger(redis, { quota: 3 }, newYear);
    const leased = await strict.leaseDue("send");
    const urls = leased.map((lease) => (lease.lane === "send" ? lease.url.slice(15) : ""));
    expect(urls.sort()).toEqual(["early-0", "early-1", "early-2"]);
    expect(await strict.readBudget()).toMatchObject({ spent: 3, held: 2, available: 0 });
    expect(await strict.leaseDue("send")).toHaveLength(0);
    await expectSound(redis);
  });

  test("G3: units that come back after the turn of the month grant nothing above the new month's quota", async () => {
    const ledger = testLedger(redis, { quota: 5 }, newYear - 60_000);
    const old = await ledger.submit(names(5, "old"), { wave: 5 });
    if (old.outcome !== "reserved") throw new Error(old.outcome);
    ledger.time.now = newYear;
    const fresh = await ledger.submit(names(5, "new"), { wave: 5 });
    expect(fresh).toMatchObject({ outcome: "reserved", leases: { length: 5 } });
    for (const lease of old.leases) await ledger.settle(lease, throttled);
    for (let minute = 0; minute < 10; minute++) {
      ledger.time.now += 60_000;
      expect(await ledger.leaseDue("send")).toHaveLength(0);
    }
    expect(await ledger.readBudget()).toMatchObject({ spent: 5 });
    await expectSound(redis);
  });

  test("G3, G4: a resend without a free unit waits for the turn of the month, with an alarm until then", async () => {
    const ledger = testLedger(redis, { quota: 1 }, newYear - 300_000);
    const only = await ledger.submit(["a"], { wave: 1 });
    if (only.outcome !== "reserved") throw new Error(only.outcome);
    await ledger.settle(only.leases[0], timedOut);
    ledger.time.now += 60_000;
    expect(await ledger.leaseDue("send")).toHaveLength(0);
    expect((await ledger.health()).alarms.map(({ code }) => code)).toContain("resend-without-budget");
    ledger.time.now = newYear;
    const resent = await ledger.leaseDue("send");
    expect(resent).toHaveLength(1);
    await ledger.settle(resent[0], accepted("0123456789abcdef01234567"));
    expect((await ledger.health()).alarms).toEqual([]);
    await expectSound(redis);
  });

  test("G1: resends that a lowered quota cannot pay for wait with an alarm, and are sent once the quota is raised", async () => {
    const ledger = testLedger(redis, { quota: 4 });
    const batch = await ledger.submit(["a", "b"], { wave: 2 });
    if (batch.outcome !== "reserved") throw new Error(batch.outcome);
    for (const lease of batch.leases) await ledger.settle(lease, timedOut);
    for (const { id } of batch.batch.purges) await ledger.resend(id, "operator");
    const strict = testLedger(redis, { quota: 3 });
    expect(await strict.leaseDue("send")).toHaveLength(0);
    expect(await strict.alarmCodes()).toEqual(["resend-without-budget"]);
    expect(await strict.readBudget()).toMatchObject({ spent: 2, reserved: 2, available: -1 });
    await expectSound(redis);
    const resent = await ledger.leaseDue("send");
    expect(resent).toHaveLength(2);
    for (const lease of resent) await ledger.settle(lease, accepted("0123456789abcdef01234567"));
    expect(await ledger.alarmCodes()).toEqual([]);
    await expectSound(redis);
  });

  test("G1: the alarm of a resend without budget ends when an operator closes the purge", async () => {
    const ledger = testLedger(redis, { quota: 1 }, newYear - 3_600_000);
    const only = await ledger.submit(["a"], { wave: 1 });
    if (only.outcome !== "reserved") throw new Error(only.outcome);
    await ledger.settle(only.leases[0], timedOut);
    ledger.time.now += 60_000;
    await ledger.leaseDue("send");
    expect(await ledger.alarmCodes()).toEqual(["resend-without-budget"]);
    await ledger.close(only.batch.purges[0]?.id ?? "", "operator");
    await ledger.leaseDue("send");
    expect((await ledger.health()).alarms).toEqual([]);
  });
});

describeOnEveryRedis("a quota that changes", (redis) => {
  test("G3: a quota below the spent units grants nothing; once it is raised, held purges go first", async () => {
    const generous = testLedger(redis, { quota: 20 });
    await generous.submit(names(10), { wave: 6 });
    const strict = testLedger(redis, { quota: 5 });
    expect(await strict.leaseDue("send")).toHaveLength(0);
    expect(await strict.readBudget()).toMatchObject({ spent: 6, reserved: 0, held: 4, available: -1 });
    expect((await strict.submit(["z"])).outcome).toBe("exhausted");
    await expectSound(redis);
    expect(await generous.leaseDue("send")).toHaveLength(4);
    expect(await generous.readBudget()).toMatchObject({ spent: 10, held: 0 });
    await expectSound(redis);
  });

  test("G3: a correction is always accepted, up or down, and purges are held or released to match", async () => {
    const ledger = testLedger(redis, { quota: 10 });
    await ledger.submit(names(8), { wave: 2 });
    expect(await ledger.correct({ external: 7, actor: "operator" })).toMatchObject({ available: 0, held: 5 });
    expect(await ledger.leaseDue("send")).toHaveLength(1);
    await expectSound(redis);
    expect(await ledger.correct({ external: 2, actor: "operator" })).toMatchObject({ available: 0, held: 0 });
    expect(await ledger.leaseDue("send")).toHaveLength(5);
    expect(await ledger.readBudget()).toMatchObject({ spent: 8, external: 2, available: 0 });
    await expectSound(redis);
  });

  test("G3: a waiting resend neither stops later purges from being held nor those that fit from being sent", async () => {
    const ledger = testLedger(redis, { quota: 4 });
    const first = await ledger.submit(["lost", "b", "c"], { wave: 1 });
    if (first.outcome !== "reserved") throw new Error(first.outcome);
    await ledger.settle(first.leases[0], timedOut);
    ledger.time.now += 60_000;
    await ledger.resend(first.batch.purges[0]?.id ?? "", "operator");
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 3, available: 0 });
    await ledger.correct({ external: 2, actor: "operator" });
    expect(await ledger.readBudget()).toMatchObject({ reserved: 1, held: 2, available: 0 });
    expect(await ledger.leaseDue("send")).toHaveLength(1);
    await expectSound(redis);
  });
});
