import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { seen } from "../support/edge-readings.ts";
import {
  accepted,
  completed,
  day,
  hour,
  midNovember,
  minute,
  second,
  settlementOf,
  type TestLedger,
  testLedger,
} from "../support/test-ledger.ts";

describeLedger("what an edge check leads to", (backend) => {
  /** Settles every check that is due. */
  async function settleChecks(ledger: TestLedger, outcome: Parameters<typeof seen>[0]) {
    const leases = await ledger.leaseDue("check");
    const settlements = leases.map((lease) => settlementOf(lease, seen(outcome, ledger.time.now)));
    await ledger.advance({ settlements });
    return leases.map(({ purgeId }) => purgeId);
  }

  /** A purge whose check ended so. */
  async function checked(ledger: TestLedger, name: string, outcome: Parameters<typeof seen>[0]) {
    const id = await ledger.complete(name);
    ledger.time.now += 5 * second;
    await settleChecks(ledger, outcome);
    return id;
  }

  const alarmOf = async (ledger: TestLedger, id: string) => (await ledger.purge(id)).alarm;
  const purgeTtl = (id: string) => backend.raw.pttl(`test:1:purge:${id}`);

  test("an old copy that is still served is an alarm, whose purge does not expire meanwhile", async () => {
    const ledger = testLedger(backend);
    const id = await checked(ledger, "a", "stale");
    expect(await ledger.purge(id)).toMatchObject({ state: "completed", alarm: "stale" });
    const { alarms } = await ledger.health();
    expect(alarms).toMatchObject([
      { code: "stale", since: ledger.time.now, message: expect.stringContaining("purge the image again") },
    ]);
    expect(await purgeTtl(id)).toBe(-1);
  });

  test("the alarm about an old copy ends after a day, and its lane rests until then", async () => {
    const ledger = testLedger(backend);
    const id = await checked(ledger, "a", "stale");
    await ledger.leaseDue("send");
    await ledger.leaseDue("poll");
    const step = 10 * minute;
    let looks = 0;
    for (let passed = 0; passed < day - step; passed += step) {
      if ((await ledger.readSweepState()).checks) {
        looks += 1;
        expect(await ledger.leaseDue("check")).toEqual([]);
      }
      ledger.time.now += step;
    }
    expect(looks, "the lane found once that nothing is due").toBe(1);
    expect(await alarmOf(ledger, id)).toBe("stale");
    ledger.time.now += step;
    expect(await ledger.leaseDue("check")).toEqual([]);
    expect(await alarmOf(ledger, id)).toBeUndefined();
    expect(await ledger.alarmCodes()).toEqual([]);
    expect(await purgeTtl(id)).toBeGreaterThan(0);
    expect((await ledger.purge(id)).edge?.outcome).toBe("stale");
  });

  test("the alarm about an old copy ends when its URL is purged again, at once", async () => {
    const ledger = testLedger(backend);
    const id = await checked(ledger, "a", "stale");
    const other = await checked(ledger, "b", "stale");
    ledger.time.now += 23 * hour;
    const { batch } = await ledger.accept(["a"], { check: "waiting" });
    expect(batch.units).toBe(1);
    expect(await alarmOf(ledger, id)).toBeUndefined();
    expect((await ledger.purge(id)).timeline.at(-1)?.note).toContain(batch.id);
    expect(await alarmOf(ledger, other)).toBe("stale");
    expect(await ledger.alarmCodes()).toEqual(["stale"]);
    await ledger.accept(["b"], { onExhausted: "hold" });
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("a scheduled purge whose old copy is still served is found when its URL is purged again", async () => {
    const ledger = testLedger(backend);
    const sendAfter = midNovember + hour;
    const { ids } = await ledger.accept(["a"], { sendAfter, check: "waiting" });
    ledger.time.now = sendAfter;
    await ledger.settle((await ledger.leaseDue("send"))[0], accepted("ik"));
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], completed);
    ledger.time.now += 5 * second;
    expect(await settleChecks(ledger, "stale")).toEqual(ids);
    expect(await ledger.alarmCodes()).toEqual(["stale"]);
    await ledger.accept(["a"]);
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("the alarm of a scheduled purge ends when its URL is purged again, though an older purge of the URL is known", async () => {
    const ledger = testLedger(backend);
    const older = await ledger.complete("a", { check: undefined });
    const sendAfter = ledger.time.now + hour;
    const { ids } = await ledger.accept(["a"], { sendAfter, check: "waiting" });
    ledger.time.now = sendAfter;
    await ledger.settle((await ledger.leaseDue("send"))[0], accepted("ik"));
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], completed);
    ledger.time.now += 5 * second;
    expect(await settleChecks(ledger, "stale")).toEqual(ids);
    const again = await ledger.accept(["a"]);
    expect([older, ...ids]).not.toContain(again.ids[0]);
    expect(await alarmOf(ledger, ids[0] ?? "")).toBeUndefined();
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("an old copy is no alarm where its URL has been purged again already", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.complete("a");
    await ledger.accept(["a"]);
    ledger.time.now += 5 * second;
    expect(await settleChecks(ledger, "stale")).toEqual([id]);
    expect((await ledger.purge(id)).edge?.outcome).toBe("stale");
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("an operator closes the alarm about an old copy: the purge stays completed, its unit spent", async () => {
    const ledger = testLedger(backend);
    const id = await checked(ledger, "a", "stale");
    const closed = await ledger.close(id, "admin");
    expect(closed).toMatchObject({
      outcome: "done",
      purge: { state: "completed", units: 1, edge: { outcome: "stale" } },
    });
    expect((await ledger.purge(id)).timeline.at(-1)).toMatchObject({ by: "admin", state: "completed" });
    expect(await ledger.alarmCodes()).toEqual([]);
    expect(await purgeTtl(id)).toBeGreaterThan(0);
    expect(await ledger.close(id, "admin")).toMatchObject({ outcome: "forbidden-state" });
    const fresh = await checked(ledger, "b", "fresh");
    expect(await ledger.close(fresh, "admin")).toMatchObject({ outcome: "forbidden-state" });
  });

  test("health counts the checks in a row that ended unchanged, until one is fresh", async () => {
    const ledger = testLedger(backend);
    const inARow = async () => (await ledger.health()).unchanged;
    expect(await inARow()).toEqual({ inARow: 0 });
    await checked(ledger, "a", "unchanged");
    const since = ledger.time.now;
    await checked(ledger, "b", "renewed");
    await checked(ledger, "c", "unchanged");
    expect(await inARow()).toEqual({ inARow: 2, since });
    await checked(ledger, "d", "fresh");
    expect(await inARow()).toEqual({ inARow: 0 });
  });

  test("checks that one sweep settles together count in their order", async () => {
    const ledger = testLedger(backend);
    await checked(ledger, "a", "unchanged");
    for (const name of ["b", "c", "d"]) await ledger.complete(name);
    ledger.time.now += 5 * second;
    const leases = await ledger.leaseDue("check");
    const outcomes = ["unchanged", "fresh", "unchanged"] as const;
    await ledger.advance({
      settlements: leases.map((lease, i) =>
        settlementOf(lease, seen(outcomes[i] ?? "gone", ledger.time.now)),
      ),
    });
    expect((await ledger.health()).unchanged).toEqual({ inARow: 1, since: ledger.time.now });
  });

  test("purges are listed by what their check showed, and as not proven fresh", async () => {
    const ledger = testLedger(backend);
    const ids: Record<string, string> = {};
    for (const outcome of ["fresh", "unchanged", "renewed", "stale", "gone", "unreadable"] as const)
      ids[outcome] = await checked(ledger, outcome, outcome);
    ids["signed"] = await ledger.complete("signed", { check: "signed" });
    ids["waiting"] = await ledger.complete("waiting");
    await ledger.complete("unchecked", { check: undefined });
    const open = await ledger.accept(["open"], { check: "waiting" });
    const listed = async (edge: "fresh" | "stale" | "unreadable" | "waiting" | "unproven") =>
      (await ledger.listPurges({ edge, limit: 20 })).purges.map(({ id }) => id).sort();
    const named = (...names: string[]) => names.map((name) => ids[name] ?? "").sort();
    expect(await listed("fresh")).toEqual(named("fresh"));
    expect(await listed("stale")).toEqual(named("stale"));
    expect(await listed("unreadable")).toEqual(named("unreadable", "signed"));
    expect(await listed("waiting")).toEqual([ids["waiting"], ...open.ids].sort());
    expect(await listed("unproven")).toEqual(named("unchanged", "renewed", "stale", "unreadable", "signed"));
  });
});
