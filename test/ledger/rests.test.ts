import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { seen } from "../support/edge-readings.ts";
import {
  accepted,
  completed,
  hour,
  minute,
  second,
  type TestLedger,
  testLedger,
  timedOut,
  unauthorized,
  untraceable,
} from "../support/test-ledger.ts";

/** What a sweep asks that finds nothing to do; then whether the next one may go home at once. */
async function restsAfterASweep(ledger: TestLedger): Promise<boolean> {
  expect(await ledger.leaseDue("send")).toEqual([]);
  expect(await ledger.leaseDue("poll")).toEqual([]);
  expect(await ledger.leaseDue("check")).toEqual([]);
  return ledger.isResting();
}

const mostMinutes = 15;

describeLedger("sweeps rest while nothing can be done", (backend) => {
  test("sweeps rest beside held purges for 15 minutes, and until the turn of the month at most", async () => {
    const ledger = testLedger(backend, { quota: 1 }, Date.parse("2026-11-30T23:25:00.000Z"));
    await ledger.pend("a").then(async () => {
      ledger.time.now += 5 * second;
      await ledger.settle((await ledger.leaseDue("poll"))[0], completed);
    });
    const { ids } = await ledger.accept(["held"], { onExhausted: "hold" });
    expect(await restsAfterASweep(ledger)).toBe(true);
    ledger.time.now += mostMinutes * minute - 1;
    expect(await ledger.isResting()).toBe(true);
    ledger.time.now += 1;
    expect(await ledger.isResting()).toBe(false);

    ledger.time.now = Date.parse("2026-11-30T23:55:00.000Z");
    expect(await restsAfterASweep(ledger)).toBe(true);
    ledger.time.now = Date.parse("2026-11-30T23:59:59.999Z");
    expect(await ledger.isResting()).toBe(true);
    ledger.time.now += 1;
    expect(await ledger.isResting()).toBe(false);
    expect((await ledger.leaseDue("send")).map(({ purgeId }) => purgeId)).toEqual(ids);
  });

  test("an empty lane does not sleep on when the first purge that enters it is held", async () => {
    const ledger = testLedger(backend, { quota: 1 });
    await ledger.correct({ external: 1, actor: "admin" });
    expect(await restsAfterASweep(ledger)).toBe(true);
    await ledger.accept(["held"], { onExhausted: "hold" });
    expect(await ledger.isResting()).toBe(false);
    // Raised by a deployment, which wakes nobody.
    const raised = testLedger(backend, { quota: 2 }, ledger.time.now, ledger);
    expect(await raised.leaseDue("send")).toHaveLength(1);
  });

  test("G1: a correction, an operator's resend and a new batch wake the lane that they touch", async () => {
    const ledger = testLedger(backend, { quota: 2, resendUnknown: "never" });
    await ledger.correct({ external: 1, actor: "admin" });
    const lease = await ledger.send("unknown");
    await ledger.settle(lease, timedOut);
    await ledger.accept(["held"], { onExhausted: "hold" });
    expect(await restsAfterASweep(ledger)).toBe(true);
    await ledger.correct({ external: 0, actor: "admin" });
    expect(await ledger.isResting()).toBe(false);
    const [unheld] = await ledger.leaseDue("send");
    await ledger.settle(unheld, accepted("ik"));
    expect(await ledger.isResting(), "it is polled in 5 s").toBe(false);
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], completed);

    expect(await restsAfterASweep(ledger)).toBe(true);
    const more = testLedger(backend, { quota: 4 }, 0, ledger);
    await more.resend(lease.purgeId, "admin");
    expect(await ledger.isResting()).toBe(false);
    await more.settle((await more.leaseDue("send"))[0], untraceable);
    expect(await restsAfterASweep(more)).toBe(true);
    await more.accept(["new"]);
    expect(await ledger.isResting()).toBe(false);
  });

  test("sweeps do not rest while a lease or the pause before a resend is about to end", async () => {
    const ledger = testLedger(backend);
    await ledger.send("a");
    expect(await restsAfterASweep(ledger), "the lease runs out in a minute").toBe(false);
    await ledger.leaseDue("send");
    ledger.time.now += minute;
    expect(await restsAfterASweep(ledger), "the resend is due in a minute").toBe(false);
  });

  test("sweeps rest behind a breaker until its probe, and no longer once ImageKit accepts the key again", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    await ledger.accept(["b"]);
    await ledger.settle(lease, unauthorized);
    expect(await restsAfterASweep(ledger)).toBe(true);
    ledger.time.now += 3 * minute - 1;
    expect(await ledger.isResting()).toBe(true);
    ledger.time.now += 1;
    expect(await ledger.isResting()).toBe(false);

    const [probe] = await ledger.leaseDue("send");
    expect(await restsAfterASweep(ledger), "the probe's lease runs out first").toBe(false);
    await ledger.settle(probe, accepted("ik"));
    expect(await ledger.isResting()).toBe(false);
    expect(await ledger.leaseDue("send")).toHaveLength(1);
  });

  test("a poll that was under way when the breaker opened ends the rest of its lane when ImageKit answers it", async () => {
    const ledger = testLedger(backend);
    await ledger.pend("a");
    await ledger.pend("b");
    ledger.time.now += 5 * second;
    const [one, other] = await ledger.leaseDue("poll");
    await ledger.settle(one, unauthorized);
    expect(await restsAfterASweep(ledger)).toBe(true);
    await ledger.settle(other, completed);
    expect(await ledger.isResting()).toBe(false);
  });

  test("the lane of edge checks rests until its first one, and a purge that completes wakes it", async () => {
    const ledger = testLedger(backend);
    expect(await restsAfterASweep(ledger)).toBe(true);
    await ledger.complete("a");
    expect(await ledger.isResting()).toBe(false);
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("check"))[0], seen("undecided", ledger.time.now));
    ledger.time.now += 55 * second;
    const [lease] = await ledger.leaseDue("check");
    expect((await ledger.readSweepState()).checks, "its holder may die within seconds").toBe(true);
    await ledger.settle(lease, seen("undecided", ledger.time.now));
    expect(await restsAfterASweep(ledger)).toBe(true);
    ledger.time.now += 4 * minute - 1;
    expect(await ledger.isResting()).toBe(true);
    ledger.time.now += 1;
    expect(await ledger.readSweepState()).toMatchObject({ checks: true, sends: false, polls: false });
  });

  test("an overdue purge is still polled when it is due", async () => {
    const ledger = testLedger(backend);
    await ledger.pend("a");
    ledger.time.now += hour;
    await ledger.settle((await ledger.leaseDue("poll"))[0], { outcome: "pending" });
    expect(await restsAfterASweep(ledger)).toBe(true);
    ledger.time.now += 5 * minute - 1;
    expect(await ledger.isResting()).toBe(true);
    ledger.time.now += 1;
    expect(await ledger.isResting()).toBe(false);
    expect(await ledger.leaseDue("poll")).toHaveLength(1);
  });
});
