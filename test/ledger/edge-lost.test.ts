import { expect, test } from "vitest";
import { auditLedger } from "../support/audit-ledger.ts";
import { checkLease, seen } from "../support/edge-readings.ts";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import {
  accepted,
  completed,
  minute,
  second,
  settlementOf,
  type TestLedger,
  testLedger,
  timedOut,
} from "../support/test-ledger.ts";

type StoredPurge = Record<string, unknown> & { readonly edge?: Record<string, unknown> };

/** What a lost key, a manual change or an older deployment does to checks must touch nothing else. */
describeOnEveryRedis("edge checks that were lost", (backend) => {
  const findings = () => auditLedger(backend.raw, "test");

  async function rewrite(id: string, change: (record: StoredPurge) => unknown) {
    const key = `test:1:purge:${id}`;
    const record: StoredPurge = JSON.parse((await backend.raw.get(key)) ?? "");
    await backend.raw.set(key, JSON.stringify(change(record)), "KEEPTTL");
  }

  async function staleOne(ledger: TestLedger, name: string) {
    const id = await ledger.complete(name);
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("check"))[0], seen("stale", ledger.time.now));
    return id;
  }

  test.each(["audit", "repair"] as const)(
    "%s puts lost checks back, those of an alarm too, and calls nothing damaged",
    async (how) => {
      const ledger = testLedger(backend);
      const stale = await staleOne(ledger, "a");
      const id = await ledger.complete("b");
      await backend.raw.del("test:1:checks");
      await ledger[how]();
      expect(await findings()).toEqual([]);
      expect(await ledger.alarmCodes()).toEqual(["stale"]);
      ledger.time.now += 5 * second;
      expect((await ledger.leaseDue("check")).map(({ purgeId }) => purgeId)).toEqual([id]);
      await ledger.close(stale, "admin");
      expect(await findings()).toEqual([]);
    },
  );

  test("a purge that an older deployment completed is checked after the next audit, and is no damage", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.complete("a");
    // It knows neither the queue nor when the next check is.
    await backend.raw.del("test:1:checks");
    await rewrite(id, ({ edge, ...record }) => ({ ...record, edge: { ...edge, nextAt: undefined } }));
    expect(await ledger.leaseDue("check")).toEqual([]);
    ledger.time.now += minute;
    await ledger.audit();
    expect((await ledger.readSweepState()).checks, "the audit wakes the lane").toBe(true);
    expect(await ledger.alarmCodes()).toEqual([]);
    expect(await findings()).toEqual([]);
    await ledger.settle((await ledger.leaseDue("check"))[0], seen("fresh", ledger.time.now));
    expect((await ledger.purge(id)).edge?.outcome).toBe("fresh");
  });

  test("a check that an older deployment left on a purge that ended otherwise is not shown", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"], { check: "waiting" });
    const edge = { outcome: "waiting", url: "https://x.test/a", tries: 0 };
    await ledger.cancel(ids[0] ?? "", { actor: "shop", scope: "own-batches" });
    await rewrite(ids[0] ?? "", (record) => ({ ...record, edge }));
    expect((await ledger.purge(ids[0] ?? "")).edge).toBeUndefined();
    expect((await ledger.listPurges({ edge: "waiting", limit: 5 })).purges).toEqual([]);
    await ledger.audit();
    expect(await backend.raw.zcard("test:1:checks")).toBe(0);
  });

  test("an alarm that an older deployment lost count of ends with its purge all the same", async () => {
    const ledger = testLedger(backend);
    const id = await staleOne(ledger, "a");
    // Its recount knows the alarms of open purges only.
    await backend.raw.hdel("test:1:open", "alarm:stale");
    await ledger.close(id, "admin");
    expect(await ledger.alarmCodes()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test("alarms that an older deployment lost count of are counted by the next audit, and end with the last", async () => {
    const ledger = testLedger(backend);
    const ids = [await staleOne(ledger, "a"), await staleOne(ledger, "b")];
    await backend.raw.hdel("test:1:open", "alarm:stale");
    await backend.raw.hdel("test:1:alarms", "stale");
    await ledger.audit();
    expect(await findings()).toEqual([]);
    await ledger.close(ids[0] ?? "", "admin");
    expect(await ledger.alarmCodes()).toEqual(["stale"]);
    await ledger.close(ids[1] ?? "", "admin");
    expect(await ledger.alarmCodes()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test("a repair keeps and restores the alarms of purges that have ended", async () => {
    const ledger = testLedger(backend);
    await staleOne(ledger, "a");
    const lease = await ledger.send("b");
    await ledger.settle(lease, timedOut);
    await ledger.close(lease.purgeId, "admin");
    const given = await ledger.send("c");
    await ledger.settle(given, timedOut);
    await ledger.resend(given.purgeId, "admin");
    await ledger.settle((await ledger.leaseDue("send"))[0], timedOut);
    expect(await ledger.alarmCodes()).toEqual(expect.arrayContaining(["stale", "abandoned"]));
    await ledger.repair();
    expect(await findings()).toEqual([]);
    await backend.raw.del("test:1:open");
    await ledger.repair();
    expect(await findings()).toEqual([]);
  });

  test("checks whose records are gone or were set back leave their queue unseen", async () => {
    const ledger = testLedger(backend);
    const [gone, back] = [await ledger.complete("a"), await ledger.complete("b")];
    await backend.raw.del(`test:1:purge:${gone}`);
    await rewrite(back, ({ edge, ...record }) => ({ ...record, edge: { ...edge, outcome: "fresh" } }));
    ledger.time.now += 5 * second;
    expect(await ledger.leaseDue("check")).toEqual([]);
    expect(await backend.raw.zcard("test:1:checks")).toBe(0);
  });

  test.each<[string, unknown]>([
    ["that is null", null],
    ["without its URL", { outcome: "waiting", tries: 0 }],
    [
      "with a reading that says nothing",
      { outcome: "waiting", url: "https://x.test/a", tries: 0, before: {} },
    ],
    [
      "with a reading of another shape",
      { outcome: "waiting", url: "u", tries: 0, before: { at: 1, status: "200" } },
    ],
    ["with an outcome of a later deployment", { outcome: "wonderful", url: "https://x.test/a", tries: 1 }],
  ])("a check %s costs only the check: its purge is sent, completed, shown and counted", async (_, edge) => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a", { check: "waiting" });
    const other = await ledger.send("b", { check: "waiting" });
    await rewrite(lease.purgeId, (record) => ({ ...record, edge }));
    const settlements = [settlementOf(lease, accepted("ik-a")), settlementOf(other, accepted("ik-b"))];
    await ledger.advance({ settlements });
    ledger.time.now += 5 * second;
    for (const poll of await ledger.leaseDue("poll")) await ledger.settle(poll, completed);
    const purge = await ledger.purge(lease.purgeId);
    expect(purge).toMatchObject({ state: "completed", units: 1 });
    expect(purge.edge).toBeUndefined();
    ledger.time.now += 5 * second;
    expect((await ledger.leaseDue("check")).map(({ purgeId }) => purgeId)).toEqual([other.purgeId]);
    expect((await ledger.listPurges({ limit: 5 })).purges).toHaveLength(2);
    expect(await ledger.readBudget()).toMatchObject({ spent: 2, reserved: 0 });
  });

  test.each<[string, Record<string, unknown>]>([
    ["names another kind of cache", { cache: "revalidated" }],
    ["was asked for", { notAsked: false }],
  ])("a reading of a later deployment that %s keeps no check from being made", async (_, field) => {
    const ledger = testLedger(backend);
    const ids = [await ledger.complete("a"), await ledger.complete("b")];
    const at = ledger.time.now;
    await rewrite(ids[0] ?? "", ({ edge, ...record }) => ({
      ...record,
      edge: { ...edge, before: { at, fingerprint: "etag x", ...field } },
    }));
    ledger.time.now += 5 * second;
    const leases = await ledger.leaseDue("check");
    expect(leases.map(({ purgeId }) => purgeId)).toEqual(ids);
    const before = { at, fingerprint: "etag x" };
    expect(checkLease(leases[0]).edge.before).toEqual(before);
    expect((await ledger.purge(ids[0] ?? "")).edge?.before).toEqual(before);
  });

  test.each(["sentAt", "completedAt"])(
    "a completed purge without %s is not checked, and keeps no other purge from it",
    async (field) => {
      const ledger = testLedger(backend);
      const [broken, other] = [await ledger.complete("a"), await ledger.complete("b")];
      await rewrite(broken, (record) => ({ ...record, [field]: undefined }));
      ledger.time.now += 5 * second;
      const settlement = { lane: "check", purgeId: broken, token: "of-before", try: 1 } as const;
      await ledger.advance({ settlements: [{ ...settlement, result: seen("undecided", ledger.time.now) }] });
      expect((await ledger.leaseDue("check")).map(({ purgeId }) => purgeId)).toEqual([other]);
      await ledger.audit();
      expect(await backend.raw.zrange("test:1:checks", 0, -1)).toEqual([other]);
      expect((await ledger.accept(["a"], { changedAt: ledger.time.now - minute })).ids).toHaveLength(1);
    },
  );

  test("a broken queue of checks keeps no other queue from being mended", async () => {
    const ledger = testLedger(backend);
    await ledger.complete("a");
    const { ids } = await ledger.accept(["b"]);
    await backend.raw.del("test:1:send");
    await backend.raw.set("test:1:checks", "not a queue");
    await ledger.audit();
    expect(await backend.raw.zrange("test:1:send", 0, -1)).toEqual(ids);
  });

  test("a broken queue of checks keeps no purge from being accepted, sent, polled or completed, and is mended", async () => {
    const ledger = testLedger(backend);
    await backend.raw.set("test:1:checks", "not a queue");
    const id = await ledger.complete("a");
    expect(await ledger.stateOf(id)).toBe("completed");
    expect(await ledger.leaseDue("check")).toEqual([]);
    expect(await ledger.stateOf(await ledger.complete("b"))).toBe("completed");
    await ledger.audit();
    ledger.time.now += 5 * second;
    expect(await ledger.leaseDue("check"), "the audit wakes the lane").toHaveLength(2);
    expect(await ledger.alarmCodes(), "nothing that counts was lost").toEqual([]);
    expect(await findings()).toEqual([]);
  });
});
