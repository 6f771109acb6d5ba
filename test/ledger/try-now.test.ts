import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { accepted, minute, testLedger, unauthorized } from "../support/test-ledger.ts";

describeLedger("trying a repaired key", (backend) => {
  test("after a refused key a probe can be made due now, one at a time, and never beside a send under way", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(["a", "b", "c"], { wave: 2 });
    expect(await ledger.tryNow()).toEqual({ send: "not-blocked", poll: "not-blocked" });
    await ledger.settle(leases[0], unauthorized);
    // The second send of the wave is still under way.
    expect(await ledger.tryNow()).toMatchObject({ send: "under-way" });
    await ledger.settle(leases[1], unauthorized);
    expect(await ledger.leaseDue("send")).toEqual([]);

    const both = await Promise.all([ledger.tryNow(), ledger.tryNow()]);
    expect(both.map(({ send }) => send)).toEqual(["due", "due"]);
    expect((await ledger.readSweepState()).sends).toBe(true);
    const waves = await Promise.all([ledger.leaseDue("send"), ledger.leaseDue("send")]);
    expect(waves.flat()).toHaveLength(1);
    expect(await ledger.tryNow()).toMatchObject({ send: "under-way" });
    expect(await ledger.leaseDue("send")).toEqual([]);

    await ledger.settle(waves.flat()[0], accepted("ik1"));
    expect(await ledger.tryNow()).toMatchObject({ send: "not-blocked" });
    expect(await ledger.leaseDue("send")).toHaveLength(2);
    expect(await ledger.readBudget()).toMatchObject({ spent: 3, reserved: 0 });
  });

  test("a lost reply to a try lets no second probe out behind the first", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(["a", "b"], { wave: 1 });
    // Now Redis knows the script, so that the first call below executes it.
    await ledger.tryNow();
    await ledger.settle(leases[0], unauthorized);
    // Before the call is sent again, the probe has gone out and was refused once more.
    backend.bridge.setFault(() => {
      backend.bridge.setFault(async () => {
        backend.bridge.setFault(undefined);
        await ledger.settle((await ledger.leaseDue("send"))[0], unauthorized);
        return "pass" as const;
      });
      return "lose-reply";
    });
    expect(await ledger.tryNow()).toMatchObject({ send: "due" });
    expect((await ledger.health()).send.probeAt).toBe(ledger.time.now + 3 * minute);
    expect(await ledger.leaseDue("send")).toEqual([]);
  });
});
