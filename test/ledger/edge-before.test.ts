import { expect, test } from "vitest";
import type { Settlement } from "../../src/ledger/leases.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { checkLease, reading, seen } from "../support/edge-readings.ts";
import {
  accepted,
  completed,
  midNovember,
  minute,
  second,
  sendLease,
  settlementOf,
  testLedger,
  throttled,
  timedOut,
} from "../support/test-ledger.ts";

const url = "https://x.test/a";

describeLedger("what the edge serves beside a send", (backend) => {
  const settledWithBefore = (lease: unknown, result: Settlement["result"], fingerprint: string) => {
    const settlement = settlementOf(sendLease(lease as never), result);
    return { ...settlement, before: reading(midNovember, fingerprint) } as Settlement;
  };

  test("the lease of a send says when it was given and what to read beside it", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(["a"], { wave: 1, check: "waiting" });
    expect(leases).toMatchObject([{ leasedAt: midNovember, checkUrl: url }]);
    const unchecked = await ledger.accept(["b"], { wave: 1 });
    expect(unchecked.leases).toEqual([
      {
        lane: "send",
        purgeId: unchecked.ids[0],
        url: "https://x.test/b",
        token: expect.any(String),
        leasedAt: midNovember,
      },
    ]);
  });

  test("a URL with a signature is not read, and its check is decided from the start", async () => {
    const ledger = testLedger(backend);
    const { leases } = await ledger.accept(["a"], { wave: 1, check: "signed" });
    expect(sendLease(leases[0]).checkUrl).toBeUndefined();
    const id = await ledger.complete("b", { check: "signed" });
    expect((await ledger.purge(id)).edge).toEqual({
      outcome: "unreadable",
      cause: "signed",
      url: "https://x.test/b",
      tries: 0,
    });
    ledger.time.now += minute;
    expect(await ledger.leaseDue("check")).toEqual([]);
  });

  test("what the edge served beside the send is kept once", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a", { check: "waiting" });
    await ledger.advance({ settlements: [settledWithBefore(lease, accepted("ik"), "old")] });
    await ledger.advance({
      settlements: [settledWithBefore({ ...lease, token: "other" }, accepted("ik"), "new")],
    });
    expect((await ledger.purge(lease.purgeId)).edge).toEqual({
      outcome: "waiting",
      url,
      tries: 0,
      before: reading(midNovember, "old"),
    });
  });

  test("only a send that ImageKit certainly does not have is followed by another look beside the next one", async () => {
    const ledger = testLedger(backend);
    const first = await ledger.send("a", { check: "waiting" });
    await ledger.settle(first, throttled);
    ledger.time.now += 2 * second;
    const again = sendLease((await ledger.leaseDue("send"))[0]);
    expect(again.checkUrl).toBe(url);
    await ledger.settle(again, timedOut);
    ledger.time.now += minute;
    const resend = sendLease((await ledger.leaseDue("send"))[0]);
    expect(resend.checkUrl).toBeUndefined();

    const other = await ledger.send("b", { check: "waiting" });
    await ledger.advance({ settlements: [settledWithBefore(other, throttled, "old")] });
    ledger.time.now += 2 * second;
    expect(sendLease((await ledger.leaseDue("send"))[0]).checkUrl).toBeUndefined();
  });

  test("a lease of a check carries what decides it", async () => {
    const ledger = testLedger(backend);
    const changedAt = midNovember - minute;
    const lease = await ledger.send("a", { check: "waiting", changedAt });
    await ledger.advance({ settlements: [settledWithBefore(lease, accepted("ik"), "old")] });
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], completed);
    ledger.time.now += 5 * second;
    const given = checkLease((await ledger.leaseDue("check"))[0]);
    expect(given).toMatchObject({ changedAt, edge: { url, before: reading(midNovember, "old") } });
    await ledger.settle(given, seen("undecided", ledger.time.now));
    ledger.time.now += 55 * second;
    const next = checkLease((await ledger.leaseDue("check"))[0]);
    expect(next.edge.after).toEqual(seen("undecided", midNovember + 10 * second).after);
  });
});
