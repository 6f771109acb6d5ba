import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import { checkLease, seen } from "../support/edge-readings.ts";
import {
  accepted,
  completed,
  midNovember,
  minute,
  second,
  sendLease,
  testLedger,
  timedOut,
} from "../support/test-ledger.ts";

describeLedger("joins and edge checks", (backend) => {
  test("a request that asks for a check adds it to a purge that it joins, if that is not sent yet", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"]);
    await ledger.accept(["a"], { check: "waiting" });
    expect((await ledger.purge(ids[0] ?? "")).edge).toEqual({
      outcome: "waiting",
      url: "https://x.test/a",
      tries: 0,
    });
    expect(sendLease((await ledger.leaseDue("send"))[0]).checkUrl).toBe("https://x.test/a");

    const sent = await ledger.send("b");
    await ledger.accept(["b"], { check: "waiting", changedAt: midNovember - minute });
    expect((await ledger.purge(sent.purgeId)).edge).toBeUndefined();
  });

  test("a request that asks for no check takes none away", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(["a"], { check: "waiting" });
    await ledger.accept(["a"]);
    expect((await ledger.purge(ids[0] ?? "")).edge?.outcome).toBe("waiting");
  });

  test("a purge that waits for its resend gets no check: what was served before is no longer to be seen", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    await ledger.settle(lease, timedOut);
    await ledger.resend(lease.purgeId, "admin");
    const { ids } = await ledger.accept(["a"], { check: "waiting" });
    expect(ids).toEqual([lease.purgeId]);
    expect((await ledger.purge(lease.purgeId)).edge).toBeUndefined();
  });

  test("a check knows the latest change that was stated before the send", async () => {
    const ledger = testLedger(backend);
    const [early, late] = [midNovember - 2 * minute, midNovember - minute];
    await ledger.accept(["a"], { check: "waiting", changedAt: early });
    await ledger.accept(["a"], { check: "waiting", changedAt: late });
    await ledger.accept(["a"], { check: "waiting", changedAt: early });
    await ledger.accept(["a"], { check: "waiting" });
    const [lease] = await ledger.leaseDue("send");
    await ledger.settle(lease, accepted("ik"));
    ledger.time.now += second;
    // The purge was sent after this change, so it serves it; but the reading beside the send came before.
    await ledger.accept(["a"], { check: "waiting", changedAt: midNovember });
    ledger.time.now += 4 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], completed);
    ledger.time.now += 5 * second;
    expect(checkLease((await ledger.leaseDue("check"))[0]).changedAt).toBe(late);
  });

  test("a change stated by a clock that runs ahead is unknown to the check, and leaves it an earlier one", async () => {
    const ledger = testLedger(backend);
    const earlier = midNovember - minute;
    const ahead = await ledger.accept(["a"], { check: "waiting", changedAt: midNovember + second });
    const both = await ledger.accept(["b"], { check: "waiting", changedAt: earlier });
    await ledger.accept(["b"], { changedAt: midNovember + minute });
    const present = await ledger.accept(["c"], { check: "waiting", changedAt: midNovember });
    for (const lease of await ledger.leaseDue("send")) await ledger.settle(lease, accepted(lease.purgeId));
    ledger.time.now += 5 * second;
    for (const lease of await ledger.leaseDue("poll")) await ledger.settle(lease, completed);
    ledger.time.now += 5 * second;
    const leases = await ledger.leaseDue("check");
    expect(leases.map((lease) => [lease.purgeId, checkLease(lease).changedAt])).toEqual([
      [ahead.ids[0], undefined],
      [both.ids[0], earlier],
      [present.ids[0], midNovember],
    ]);
  });

  test("a check of a purge whose callers stated no change knows of none", async () => {
    const ledger = testLedger(backend);
    await ledger.complete("a");
    ledger.time.now += 5 * second;
    expect(checkLease((await ledger.leaseDue("check"))[0]).changedAt).toBeUndefined();
  });

  test.each([
    ["a change before its send", midNovember - minute],
    ["the same change of a clock that runs ahead", midNovember + minute - 1],
  ])("G6: a purge whose old copy is still served is not joined for %s", async (_, changedAt) => {
    const ledger = testLedger(backend);
    const stale = await ledger.complete("a", { changedAt });
    const fresh = await ledger.complete("b", { changedAt });
    ledger.time.now += 5 * second;
    const leases = await ledger.leaseDue("check");
    for (const lease of leases)
      await ledger.settle(lease, seen(lease.purgeId === stale ? "stale" : "fresh", ledger.time.now));
    ledger.time.now += minute;
    expect(
      (await ledger.plan({ actor: "shop", urls: ["https://x.test/a", "https://x.test/b"], changedAt })).joins,
    ).toEqual(new Map([["https://x.test/b", fresh]]));
    const again = await ledger.accept(["a", "b"], { changedAt });
    expect(again.batch.units).toBe(1);
    expect(again.ids).toEqual([expect.not.stringMatching(stale), fresh]);
    expect(await ledger.readBudget()).toMatchObject({ spent: 2, reserved: 1 });
  });
});
