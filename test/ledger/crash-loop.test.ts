import { expect, test } from "vitest";
import { healthChecks, worstOf } from "../../src/http/answers/health-checks.ts";
import { mostSending } from "../../src/ledger/policy.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { accepted, minute, second, settlementOf, testLedger, untraceable } from "../support/test-ledger.ts";

const names = (count: number, prefix = "u") => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describeLedger("processes that die after their POSTs", (backend) => {
  test("G4: processes that die after their POSTs cost one wave and then one unit every few minutes, and health says so", async () => {
    const ledger = testLedger(backend, { quota: 200 });
    await ledger.accept(names(60));
    for (let i = 0; i < 15; i++) {
      await ledger.leaseDue("send", 20);
      ledger.time.now += minute;
    }
    // 20 at first; then a probe whose lease must run out before the next three minutes begin.
    expect((await ledger.readBudget()).spent).toBeLessThanOrEqual(20 + 4);
    const health = await ledger.health();
    expect(health.alarms.map(({ code }) => code)).toEqual(["answers-lost-send"]);
    expect(worstOf(healthChecks(health))).toBe("alarm");
  });

  test("five leases that ran out close the breaker, four do not", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(names(20), { wave: 4 });
    ledger.time.now += minute;
    expect(await ledger.leaseDue("send", 1)).toHaveLength(1);
    expect(await ledger.alarmCodes()).toEqual([]);
    ledger.time.now += minute;
    expect(await ledger.leaseDue("send", 1)).toEqual([]);
    expect(await ledger.alarmCodes()).toEqual(["answers-lost-send"]);
    // A process that was only frozen: its answer says that ImageKit is there.
    await ledger.settle(leases[0], accepted("ik-late"));
    expect(await ledger.alarmCodes()).toEqual([]);
    expect((await ledger.leaseDue("send", 20)).length).toBeGreaterThan(1);
  });

  test("ten submissions at once and then a crash leave 40 sends unknown, whatever the waves asked for", async () => {
    const ledger = testLedger(backend, { quota: 500, resendUnknown: "never" });
    const batches = await Promise.all(
      names(10, "b").map((prefix) => ledger.accept(names(20, prefix), { wave: 20 })),
    );
    expect(batches.flatMap(({ leases }) => leases)).toHaveLength(mostSending);
    await Promise.all([1, 2, 3].map(() => ledger.leaseDue("send", 20)));
    ledger.time.now += minute;
    await ledger.leaseDue("send", 0);
    expect((await ledger.health()).open).toEqual({ queued: 160, unknown: 40 });
  });

  test("a caller without a lease because 40 sends are out is told to ask again in a second, and gets what others settled", async () => {
    const ledger = testLedger(backend, { quota: 500 });
    const first = await ledger.accept(names(20, "a"), { wave: 20 });
    const second20 = await ledger.accept(names(20, "b"), { wave: 19 });
    const third = await ledger.accept(names(5, "c"), { wave: 5 });
    expect(second20.leases).toHaveLength(19);
    expect(third.leases).toHaveLength(1);
    expect(third.retryInMs).toBe(second);
    expect(await ledger.ask("send", 20, third.ids)).toMatchObject({ leases: [], retryInMs: second });
    expect(await ledger.ask("send", 20)).toMatchObject({ leases: [], retryInMs: second });
    for (const [i, lease] of first.leases.slice(0, 3).entries())
      await ledger.settle(lease, accepted(`ik${i}`));
    expect((await ledger.ask("send", 20, third.ids)).leases).toHaveLength(3);
  });

  test("a wave that is settled leaves its places to the same call", async () => {
    const ledger = testLedger(backend, { quota: 500 });
    // What is unknown already waits in the same queue, and takes no place.
    const before = await ledger.accept(names(mostSending, "before"), { wave: mostSending });
    await ledger.advance({ settlements: before.leases.map((lease) => settlementOf(lease, untraceable)) });
    const { leases } = await ledger.accept(names(80), { wave: mostSending });
    const settlements = leases.map((lease, i) => settlementOf(lease, accepted(`ik${i}`)));
    const reply = await ledger.advance({
      settlements,
      lease: { lane: "send", token: ledger.nextId("l"), limit: 40 },
    });
    expect(reply.leases).toHaveLength(40);
  });

  test("leases whose records are gone do not take places for ever", async () => {
    const ledger = testLedger(backend, { quota: 500 });
    const { ids, batch } = await ledger.accept(names(mostSending), { wave: mostSending });
    await backend.raw.del(...ids.map((id) => `test:1:purge:${id}`), `test:1:batch:${batch.id}`);
    await ledger.accept(names(2, "b"));
    ledger.time.now += minute;
    expect(await ledger.leaseDue("send")).toHaveLength(2);
    // What a lost database leaves is no longer in agreement with itself.
    await backend.flush();
  });
});
