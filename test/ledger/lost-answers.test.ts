import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { accepted, minute, testLedger, timedOut } from "../support/test-ledger.ts";

const names = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describeLedger("lost answers", (backend) => {
  test("G4: after five lost answers in a row an outage costs one unit every three minutes, not a wave each", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(names(25, "a"), { wave: 5 });
    for (const lease of leases.slice(0, 4)) await ledger.settle(lease, timedOut);
    expect((await ledger.health()).alarms).toEqual([]);
    await ledger.settle(leases[4], timedOut);
    expect((await ledger.health()).alarms.map(({ code }) => code)).toEqual(["answers-lost-send"]);

    expect(await ledger.leaseDue("send")).toEqual([]);
    ledger.time.now += 3 * minute - 1;
    expect(await ledger.leaseDue("send")).toEqual([]);
    ledger.time.now += 1;
    const [probe, ...others] = await ledger.leaseDue("send");
    expect(others).toEqual([]);
    await ledger.settle(probe, timedOut);
    expect(await ledger.leaseDue("send")).toEqual([]);
    ledger.time.now += 3 * minute;
    expect(await ledger.leaseDue("send")).toHaveLength(1);
  });

  test("after lost answers the first answer lets all sends go again, and ends the alarm", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(names(10, "b"), { wave: 5 });
    for (const lease of leases) await ledger.settle(lease, timedOut);
    ledger.time.now += 3 * minute;
    const [probe] = await ledger.leaseDue("send");
    await ledger.settle(probe, accepted("ik1"));
    expect((await ledger.health()).alarms).toEqual([]);
    expect(await ledger.leaseDue("send")).toHaveLength(9);
  });

  test("lost answers with others in between do not close the breaker", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(names(10, "c"), { wave: 9 });
    for (const [i, lease] of leases.entries()) {
      await ledger.settle(lease, i === 4 ? accepted("ik1") : timedOut);
    }
    expect(await ledger.leaseDue("send")).toHaveLength(1);
  });
});
