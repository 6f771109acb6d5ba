import { expect, test } from "vitest";
import type { SendOutcome } from "../../src/imagekit/outcome.ts";
import type { SendLease, Settlement } from "../../src/ledger/leases.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import { checkLease, reading, seen } from "../support/edge-readings.ts";
import {
  accepted,
  completed,
  hour,
  midNovember,
  minute,
  second,
  sendLease,
  type TestLedger,
  testLedger,
  throttled,
  timedOut,
  unauthorized,
  unexpected,
  unreachable,
  unsent,
} from "../support/test-ledger.ts";

const url = "https://x.test/a";

describeLedger("what the edge serves beside a send", (backend) => {
  const settledWithBefore = (
    { lane, purgeId, token }: SendLease,
    result: SendOutcome | typeof unsent,
    fingerprint: string,
  ): Settlement => ({ lane, purgeId, token, result, before: reading(midNovember, fingerprint) });

  const lateBefore = ({ purgeId, token }: SendLease, fingerprint: string): Settlement => ({
    lane: "check",
    purgeId,
    token,
    result: { outcome: "before", before: reading(midNovember, fingerprint) },
  });

  const beforeOf = async (ledger: TestLedger, id: string) =>
    (await ledger.purge(id)).edge?.before?.fingerprint;

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
  });

  test.each([throttled, unauthorized, unreachable, unexpected, unsent])(
    "what was served beside a send that did not arrive ($outcome) gives way to what is served beside the next one",
    async (result) => {
      const ledger = testLedger(backend);
      const early = await ledger.send("a", { check: "waiting" });
      await ledger.advance({ settlements: [settledWithBefore(early, result, "old")] });
      expect(await beforeOf(ledger, early.purgeId)).toBeUndefined();
      await sendLate(ledger, early.purgeId);
    },
  );

  test.each(["once its lease has run out", "while its resend waits"])(
    "what was served beside a send of which comes late, %s, that it did not arrive gives way too",
    async (when) => {
      const ledger = testLedger(backend);
      const early = await ledger.send("a", { check: "waiting" });
      await ledger.advance({ settlements: [lateBefore(early, "old")] });
      ledger.time.now += minute;
      await ledger.leaseDue("send");
      if (when === "while its resend waits") await ledger.resend(early.purgeId, "admin");
      await ledger.settle(early, unreachable);
      expect(await beforeOf(ledger, early.purgeId)).toBeUndefined();
      await sendLate(ledger, early.purgeId);
    },
  );

  /** Sends it hours later, with a reading beside that send. */
  async function sendLate(ledger: TestLedger, id: string) {
    ledger.time.now += 3 * hour;
    const lease = sendLease((await ledger.leaseDue("send"))[0]);
    expect(lease).toMatchObject({ purgeId: id, checkUrl: url });
    await ledger.advance({ settlements: [settledWithBefore(lease, accepted("ik"), "new")] });
    expect(await beforeOf(ledger, id)).toBe("new");
  }

  test.each([throttled, unreachable, unsent])(
    "what was served beside a send of unknown outcome is kept when its resend does not arrive ($outcome): the send may have",
    async (result) => {
      const ledger = testLedger(backend);
      const first = await ledger.send("a", { check: "waiting" });
      await ledger.advance({ settlements: [settledWithBefore(first, timedOut, "old")] });
      ledger.time.now += minute;
      await ledger.settle((await ledger.leaseDue("send"))[0], result);
      expect(await beforeOf(ledger, first.purgeId)).toBe("old");
    },
  );

  test("a reading that arrives after its send was settled is kept, once, and charges nothing", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a", { check: "waiting" });
    await ledger.settle(lease, accepted("ik"));
    const budget = await ledger.readBudget();
    await ledger.advance({ settlements: [lateBefore(lease, "old")] });
    await ledger.advance({ settlements: [lateBefore(lease, "new")] });
    const { state, edge, units } = await ledger.purge(lease.purgeId);
    expect({ state, edge, units }).toEqual({
      state: "pending",
      units: 1,
      edge: { outcome: "waiting", url, tries: 0, before: reading(midNovember, "old") },
    });
    expect(await ledger.readBudget()).toEqual(budget);
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], completed);
    ledger.time.now += 5 * second;
    const check = checkLease((await ledger.leaseDue("check"))[0]);
    expect(check.edge.before?.fingerprint).toBe("old");
  });

  test("a reading that arrives late is kept only for the send beside which it was made", async () => {
    const ledger = testLedger(backend);
    const early = await ledger.send("a", { check: "waiting" });
    await ledger.settle(early, throttled);
    await ledger.advance({ settlements: [lateBefore(early, "old")] });
    expect(await beforeOf(ledger, early.purgeId), "queued again").toBeUndefined();
    ledger.time.now += 2 * second;
    const next = sendLease((await ledger.leaseDue("send"))[0]);
    await ledger.advance({ settlements: [lateBefore(early, "old")] });
    expect(await beforeOf(ledger, early.purgeId), "sent again").toBeUndefined();
    await ledger.advance({ settlements: [lateBefore(next, "new")] });
    await ledger.settle(next, accepted("ik"));
    expect(await beforeOf(ledger, early.purgeId)).toBe("new");
  });

  test("a reading that arrives after its check was decided, or says nothing, changes nothing", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a", { check: "waiting" });
    await ledger.settle(lease, accepted("ik"));
    const empty = { ...lateBefore(lease, "old"), result: { outcome: "before", before: {} } };
    await ledger.advance({ settlements: [empty as unknown as Settlement] });
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], completed);
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("check"))[0], seen("gone", ledger.time.now));
    const decided = await ledger.purge(lease.purgeId);
    await ledger.advance({ settlements: [lateBefore(lease, "old")] });
    expect(await ledger.purge(lease.purgeId)).toEqual(decided);
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
