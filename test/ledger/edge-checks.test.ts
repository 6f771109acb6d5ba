import { expect, test } from "vitest";
import type { Settlement } from "../../src/ledger/leases.ts";
import { auditLedger } from "../support/audit-ledger.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { checkLease, seen } from "../support/edge-readings.ts";
import {
  accepted,
  completed,
  midNovember,
  minute,
  refused,
  second,
  settlementOf,
  type TestLedger,
  testLedger,
  unsent,
} from "../support/test-ledger.ts";

const url = "https://x.test/a";

describeLedger("edge checks", (backend) => {
  const check = async (ledger: TestLedger, outcome: Parameters<typeof seen>[0], cause?: string) => {
    const [lease] = await ledger.leaseDue("check");
    await ledger.settle(lease, seen(outcome, ledger.time.now, cause));
  };

  test("a completed purge is checked 5 s, 60 s and 5 min after Completed, and then no more", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.complete("a");
    const completedAt = ledger.time.now;
    const dueAt: number[] = [];
    for (let tries = 0; tries < 3; tries++) {
      const { edge } = await ledger.purge(id);
      ledger.time.now = (edge?.nextAt ?? 0) - 1;
      expect(await ledger.leaseDue("check")).toEqual([]);
      ledger.time.now += 1;
      dueAt.push(ledger.time.now - completedAt);
      const lease = checkLease((await ledger.leaseDue("check"))[0]);
      expect(lease).toMatchObject({
        purgeId: id,
        leasedAt: ledger.time.now,
        sentAt: midNovember,
        completedAt,
      });
      expect(lease.edge.tries).toBe(tries);
      await ledger.settle(lease, seen("undecided", ledger.time.now));
    }
    expect(dueAt).toEqual([5 * second, minute, 5 * minute]);
    expect((await ledger.purge(id)).edge).toMatchObject({
      outcome: "unreadable",
      cause: "undecided",
      tries: 3,
    });
    ledger.time.now += 60 * minute;
    expect(await ledger.leaseDue("check")).toEqual([]);
  });

  test("after sweeps that came late, readings still lie 15 s apart", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.complete("a");
    ledger.time.now += 60 * minute;
    await check(ledger, "undecided");
    expect((await ledger.purge(id)).edge?.nextAt).toBe(ledger.time.now + 15 * second);
  });

  test.each([
    ["fresh", "a new image"],
    ["unchanged", "the same image as before"],
    ["renewed", "a copy made after the purge"],
    ["gone", "no longer exists"],
    ["unreadable", "could not be checked"],
  ] as const)(
    "a check that ended %s is kept with its reading and said once in the timeline",
    async (outcome, words) => {
      const ledger = testLedger(backend);
      const id = await ledger.complete("a");
      ledger.time.now += 5 * second;
      await check(ledger, outcome, "a-cause");
      const purge = await ledger.purge(id);
      expect(purge).toMatchObject({ state: "completed", units: 1 });
      expect(purge.alarm).toBeUndefined();
      expect(purge.edge).toEqual({
        outcome,
        cause: "a-cause",
        url,
        tries: 1,
        checkedAt: ledger.time.now,
        after: seen(outcome, ledger.time.now).after,
      });
      expect(purge.timeline.filter(({ note }) => note.startsWith("Edge check"))).toMatchObject([
        { at: ledger.time.now, state: "completed", note: expect.stringContaining(words) },
      ]);
    },
  );

  test("two sweeps never make the same check, and one whose holder died is made by the next", async () => {
    const ledger = testLedger(backend);
    await ledger.complete("a");
    ledger.time.now += 5 * second;
    const both = await Promise.all([ledger.leaseDue("check"), ledger.leaseDue("check")]);
    expect(both.flat()).toHaveLength(1);
    ledger.time.now += 15 * second - 1;
    expect(await ledger.leaseDue("check")).toEqual([]);
    ledger.time.now += 1;
    expect(await ledger.leaseDue("check")).toHaveLength(1);
  });

  test("a check that was not made, for lack of time, is due again at once", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.complete("a");
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("check"))[0], unsent);
    expect((await ledger.purge(id)).edge).toMatchObject({ outcome: "waiting", tries: 0 });
    expect(await ledger.leaseDue("check")).toHaveLength(1);
  });

  test("a reading that arrives twice, or after the check was decided, changes nothing", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.complete("a");
    ledger.time.now += 5 * second;
    const [first] = await ledger.leaseDue("check");
    await ledger.settle(first, seen("undecided", ledger.time.now));
    await ledger.settle(first, seen("fresh", ledger.time.now));
    expect((await ledger.purge(id)).edge).toMatchObject({ outcome: "waiting", tries: 1 });
    ledger.time.now += minute;
    const [early] = await ledger.leaseDue("check");
    ledger.time.now += 15 * second;
    const [late] = await ledger.leaseDue("check");
    await ledger.settle(late, seen("fresh", ledger.time.now));
    await ledger.settle(early, seen("stale", ledger.time.now));
    expect((await ledger.purge(id)).edge).toMatchObject({ outcome: "fresh", tries: 2 });
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("a reading that two holders made counts as one try, so the last reading is still made", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.complete("a");
    const completedAt = ledger.time.now;
    ledger.time.now += 5 * second;
    await check(ledger, "undecided");
    ledger.time.now = completedAt + minute;
    const [slow] = await ledger.leaseDue("check");
    ledger.time.now += 15 * second;
    const [quick] = await ledger.leaseDue("check");
    await ledger.settle(quick, seen("undecided", ledger.time.now));
    await ledger.settle(slow, seen("undecided", ledger.time.now));
    expect((await ledger.purge(id)).edge).toMatchObject({
      outcome: "waiting",
      tries: 2,
      nextAt: completedAt + 5 * minute,
    });
    ledger.time.now = completedAt + 5 * minute;
    await check(ledger, "stale");
    expect((await ledger.purge(id)).edge).toMatchObject({ outcome: "stale", tries: 3 });
  });

  test("a purge that ends without Completed loses its check", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a", { check: "waiting" });
    await ledger.settle(lease, refused);
    expect((await ledger.purge(lease.purgeId)).edge).toBeUndefined();
    const { ids } = await ledger.accept(["b"], { check: "waiting" });
    await ledger.cancel(ids[0] ?? "", { actor: "shop", scope: "own-batches" });
    expect((await ledger.purge(ids[0] ?? "")).edge).toBeUndefined();
  });

  test("a reader that asks for its purges alone gets their due checks, and its batch with the last settlement", async () => {
    const ledger = testLedger(backend);
    const { batch, ids, leases } = await ledger.accept(["a", "b"], { wave: 2, check: "waiting" });
    await ledger.advance({ settlements: leases.map((lease, i) => settlementOf(lease, accepted(`ik${i}`))) });
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.ask("poll", 5, [ids[0] ?? ""])).leases[0], completed);
    ledger.time.now += 3 * second;
    await ledger.settle((await ledger.ask("poll", 5, [ids[1] ?? ""])).leases[0], completed);
    ledger.time.now += 2 * second;
    const reply = await ledger.ask("check", 5, ids);
    expect(reply.leases.map(({ purgeId }) => purgeId)).toEqual([ids[0]]);
    expect(reply.retryInMs).toBe(3 * second);
    const settled = await ledger.advance({
      settlements: [settlementOf(reply.leases[0], seen("fresh", ledger.time.now))],
      lease: { lane: "check", token: ledger.nextId("l"), limit: 5, purgeIds: ids },
      batchId: batch.id,
    });
    expect(settled.batch?.purges.map(({ edge }) => edge?.outcome)).toEqual(["fresh", "waiting"]);
  });

  test("checks are settled beside keys of another type that only health shows, and health answers", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.complete("a");
    const shown = ["heartbeat", "repeating", "unchanged"].map((name) => `test:1:${name}`);
    for (const key of shown) {
      await backend.raw.del(key);
      await backend.raw.rpush(key, "by hand");
    }
    expect(await ledger.health()).toMatchObject({ unchanged: { inARow: 0 } });
    ledger.time.now += 5 * second;
    await check(ledger, "unchanged");
    expect(await ledger.purge(id)).toMatchObject({ edge: { outcome: "unchanged" } });
    expect((await ledger.health()).unchanged).toMatchObject({ inARow: 1 });
    expect(await auditLedger(backend.raw, "test")).toEqual([]);
  });

  test("an outcome that does not exist is refused before anything is written", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.complete("a");
    ledger.time.now += 5 * second;
    const [lease] = await ledger.leaseDue("check");
    const settlement = settlementOf(lease, seen("fresh", ledger.time.now));
    const unknown = { ...settlement, result: { outcome: "wonderful" } } as unknown as Settlement;
    await expect(ledger.advance({ settlements: [settlement, unknown] })).rejects.toThrow("BADINPUT");
    expect((await ledger.purge(id)).edge?.outcome).toBe("waiting");
  });
});
