import { beforeEach, expect, test } from "vitest";
import type { SendLease } from "../../src/ledger/leases.ts";
import { describeLedger } from "../support/describe-ledger.ts";
import {
  accepted,
  hour,
  minute,
  refused,
  type TestLedger,
  testLedger,
  throttled,
  timedOut,
  unsent,
  untraceable,
} from "../support/test-ledger.ts";

describeLedger("answers that come after their lease", (backend) => {
  let ledger: TestLedger;
  let lease: SendLease;

  /** Leased, and nobody reported: unknown. */
  beforeEach(async () => {
    ledger = testLedger(backend);
    lease = await ledger.send("a");
    ledger.time.now += minute;
    await ledger.leaseDue("send", 0);
    expect(await ledger.stateOf(lease.purgeId)).toBe("unknown");
  });

  /** The resend waits in the queue, its second unit set aside. */
  async function queueResend() {
    ledger.time.now += minute;
    await ledger.leaseDue("send", 0);
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "queued", units: 2 });
  }

  const early = [
    { result: accepted("late"), state: "pending", units: 1, spent: 1, reserved: 0, attempts: 1 },
    { result: refused, state: "refused", units: 0, spent: 0, reserved: 0, attempts: 1 },
    { result: throttled, state: "queued", units: 1, spent: 0, reserved: 1, attempts: 1 },
    { result: unsent, state: "queued", units: 1, spent: 0, reserved: 1, attempts: 0 },
    { result: timedOut, state: "unknown", units: 1, spent: 1, reserved: 0, attempts: 1 },
    { result: untraceable, state: "unknown", units: 1, spent: 1, reserved: 0, attempts: 1 },
  ] as const;

  test.each(early)("G2: before the resend is queued, a late $result.outcome is believed", async (row) => {
    await ledger.settle(lease, row.result);
    const { state, units, attempts } = row;
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state, units, attempts });
    expect(await ledger.readBudget()).toMatchObject({ spent: row.spent, reserved: row.reserved });
  });

  const waiting = [
    { result: accepted("late"), state: "pending", units: 1, spent: 1, reserved: 0, attempts: 1 },
    { result: refused, state: "refused", units: 0, spent: 0, reserved: 0, attempts: 1 },
    { result: throttled, state: "queued", units: 1, spent: 0, reserved: 1, attempts: 1 },
    { result: unsent, state: "queued", units: 1, spent: 0, reserved: 1, attempts: 0 },
    { result: timedOut, state: "queued", units: 2, spent: 1, reserved: 1, attempts: 1 },
    { result: untraceable, state: "unknown", units: 1, spent: 1, reserved: 0, attempts: 1 },
  ] as const;

  test.each(waiting)("G2: while the resend waits, a late $result.outcome is believed", async (row) => {
    await queueResend();
    await ledger.settle(lease, row.result);
    const { state, units, attempts } = row;
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state, units, attempts });
    expect(await ledger.readBudget()).toMatchObject({ spent: row.spent, reserved: row.reserved });
  });

  test.each(["is still to be queued", "waits"])(
    "G4: a late 2xx without a request id, while the resend %s, is never resent by itself",
    async (when) => {
      if (when === "waits") await queueResend();
      await ledger.settle(lease, untraceable);
      ledger.time.now += hour;
      expect(await ledger.leaseDue("send")).toEqual([]);
      expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "unknown", units: 1, attempts: 1 });
      expect(await ledger.alarmCodes()).toEqual(["unknown-not-resent"]);
      expect(await ledger.resend(lease.purgeId, "admin")).toMatchObject({ outcome: "done" });
      expect(await ledger.alarmCodes()).toEqual([]);
    },
  );

  test("G4: after a late answer that the send had not arrived, one resend is still allowed", async () => {
    await queueResend();
    await ledger.settle(lease, throttled);
    const [next] = await ledger.leaseDue("send");
    await ledger.settle(next, timedOut);
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "unknown", units: 1, attempts: 2 });
  });

  test.each([accepted("late"), refused, throttled])(
    "once the resend has left, a late $outcome only goes into the timeline",
    async (result) => {
      await queueResend();
      const [resend] = await ledger.leaseDue("send");
      await ledger.settle(lease, result);
      const purge = await ledger.purge(lease.purgeId);
      expect(purge).toMatchObject({ state: "sending", units: 2, attempts: 2 });
      expect(purge.timeline.at(-1)?.note).toContain(`too late to change anything: ${result.outcome}`);
      await ledger.settle(resend, accepted("ik2"));
      expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "pending", imagekitRequestId: "ik2" });
    },
  );

  test("once the resend has left and come back, a late answer to the first send still changes nothing", async () => {
    await queueResend();
    const [resend] = await ledger.leaseDue("send");
    await ledger.settle(resend, throttled);
    await ledger.settle(lease, accepted("late"));
    const purge = await ledger.purge(lease.purgeId);
    expect(purge).toMatchObject({ state: "queued", units: 2, attempts: 2 });
    expect(purge.timeline.at(-1)?.note).toContain("too late to change anything: accepted");
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 1 });
  });

  test("a refused resend releases only the second unit", async () => {
    await queueResend();
    const [resend] = await ledger.leaseDue("send");
    await ledger.settle(resend, refused);
    expect(await ledger.purge(lease.purgeId)).toMatchObject({ state: "refused", units: 1 });
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 0 });
  });

  test("an answer to a purge that was given up only goes into the timeline", async () => {
    await ledger.close(lease.purgeId, "admin");
    await ledger.settle(lease, accepted("late"));
    const purge = await ledger.purge(lease.purgeId);
    expect(purge).toMatchObject({ state: "abandoned", units: 1 });
    expect(purge.timeline.at(-1)?.note).toContain("accepted (ImageKit request late)");
  });

  test("an answer delivered again after another one came between changes nothing", async () => {
    await queueResend();
    const [resend] = await ledger.leaseDue("send");
    await ledger.settle(resend, accepted("ik2"));
    await ledger.settle(lease, timedOut);
    const before = await ledger.purge(lease.purgeId);
    await ledger.settle(resend, accepted("ik2"));
    await ledger.settle(lease, timedOut);
    expect(await ledger.purge(lease.purgeId)).toEqual(before);
  });
});
