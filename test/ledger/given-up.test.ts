import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import {
  day,
  failed,
  minute,
  pollLease,
  type TestLedger,
  testLedger,
  timedOut,
} from "../support/test-ledger.ts";

/** Both sends of one purge stayed without an answer. */
async function loseTwice(ledger: TestLedger, name: string): Promise<string> {
  const lease = await ledger.send(name);
  await ledger.settle(lease, timedOut);
  ledger.time.now += minute;
  const [resend] = await ledger.leaseDue("send");
  await ledger.settle(resend, timedOut);
  return lease.purgeId;
}

describeLedger("purges that the service gave up", (backend) => {
  test("purges that the service gave up are an alarm until an operator has closed each of them", async () => {
    const ledger = testLedger(backend);
    const first = await loseTwice(ledger, "a");
    const second = await loseTwice(ledger, "b");
    expect(await ledger.stateOf(first)).toBe("abandoned");
    ledger.time.now += 30 * day;
    expect(await ledger.alarmCodes()).toEqual(["abandoned"]);
    expect(await ledger.close(first, "admin")).toMatchObject({ outcome: "done" });
    expect(await ledger.alarmCodes()).toEqual(["abandoned"]);
    expect(await ledger.close(second, "admin")).toMatchObject({ outcome: "done" });
    expect(await ledger.alarmCodes()).toEqual([]);
    expect((await ledger.purge(first)).timeline.at(-1)).toMatchObject({ state: "abandoned", by: "admin" });
    expect(await ledger.close(first, "other")).toMatchObject({ outcome: "forbidden-state" });
  });

  test("a purge given up after an expired lease, or after a day without Completed, is an alarm until it is closed", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    await ledger.settle(lease, timedOut);
    ledger.time.now += minute;
    await ledger.leaseDue("send");
    ledger.time.now += minute;
    await ledger.leaseDue("send");
    expect(await ledger.stateOf(lease.purgeId)).toBe("abandoned");
    expect(await ledger.alarmCodes()).toEqual(["abandoned"]);
    await ledger.close(lease.purgeId, "admin");

    const id = await ledger.pend("b");
    ledger.time.now += day;
    await ledger.settle(pollLease((await ledger.leaseDue("poll"))[0]), failed);
    expect(await ledger.stateOf(id)).toBe("abandoned");
    expect(await ledger.alarmCodes()).toEqual(["abandoned"]);
  });

  test("purges that the service gave up are kept until they are closed, and then for the retention", async () => {
    const ledger = testLedger(backend, { retentionDays: 10 });
    const id = await loseTwice(ledger, "a");
    expect(await backend.raw.pttl(`test:1:purge:${id}`)).toBe(-1);
    await ledger.close(id, "admin");
    expect(await backend.raw.pttl(`test:1:purge:${id}`)).toBeGreaterThan(9 * day);
  });

  test("an operator who closes an unknown purge raises no alarm", async () => {
    const ledger = testLedger(backend);
    const lease = await ledger.send("a");
    await ledger.settle(lease, timedOut);
    await ledger.close(lease.purgeId, "admin");
    expect(await ledger.alarmCodes()).toEqual([]);
  });
});
