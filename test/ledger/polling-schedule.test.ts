import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import {
  accepted,
  completed,
  day,
  failed,
  hour,
  midNovember,
  minute,
  pending,
  second,
  testLedger,
  throttled,
  unknownId,
  unsent,
} from "../support/test-ledger.ts";

describeLedger("polling", (backend) => {
  test("polls come 5, 10, 20, 40, 60 s after acceptance, then each minute, overdue at 15 min, then every 5 min, up to 24 h", async () => {
    const ledger = testLedger(backend, {}, midNovember);
    const id = await ledger.pend("a");
    const seconds: number[] = [];
    for (let i = 0; i < 400; i++) {
      const { nextCheckAt } = await ledger.purge(id);
      if (nextCheckAt === undefined) break;
      if (i < 26) seconds.push((nextCheckAt - midNovember) / second);
      ledger.time.now = nextCheckAt;
      const [lease] = await ledger.leaseDue("poll");
      await ledger.settle(lease, pending);
      if (nextCheckAt === midNovember + 14 * minute) expect(await ledger.stateOf(id)).toBe("pending");
      if (nextCheckAt === midNovember + 15 * minute) {
        expect(await ledger.purge(id)).toMatchObject({ state: "overdue", error: { code: "overdue" } });
      }
    }
    const everyMinute = Array.from({ length: 14 }, (_, i) => (i + 2) * 60);
    const everyFive = Array.from({ length: 7 }, (_, i) => (20 + i * 5) * 60);
    expect(seconds).toEqual([5, 10, 20, 40, 60, ...everyMinute, ...everyFive]);
    expect(ledger.time.now).toBe(midNovember + day);
    expect(await ledger.purge(id)).toMatchObject({
      state: "abandoned",
      endedAt: midNovember + day,
      units: 1,
    });
    expect(await ledger.isIdle()).toBe(true);
  });

  test("G5: a purge is completed only when ImageKit said so, with the time; an overdue one too", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.pend("a");
    ledger.time.now += 20 * minute;
    await ledger.settle((await ledger.leaseDue("poll"))[0], pending);
    expect(await ledger.stateOf(id)).toBe("overdue");
    ledger.time.now += 10 * minute;
    await ledger.settle((await ledger.leaseDue("poll"))[0], completed);
    const purge = await ledger.purge(id);
    expect(purge).toMatchObject({
      state: "completed",
      completedAt: midNovember + 30 * minute,
      checks: 2,
      units: 1,
    });
    expect(purge.error).toBeUndefined();
    expect(purge.nextCheckAt).toBeUndefined();
  });

  test("an id that ImageKit does not know leaves the purge pending", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.pend("a");
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], unknownId);
    expect(await ledger.purge(id)).toMatchObject({
      state: "pending",
      checks: 1,
      nextCheckAt: midNovember + 10 * second,
    });
  });

  test("a due check is leased once; a lease nobody reported on is given again after 15 s", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.pend("a");
    ledger.time.now += 5 * second;
    expect(await ledger.ask("poll")).toMatchObject({
      leases: [{ lane: "poll", purgeId: id, imagekitRequestId: "ik-a" }],
      retryInMs: 15 * second,
    });
    expect((await ledger.ask("poll", 5, [id])).leases).toEqual([]);
    ledger.time.now += 15 * second;
    expect(await ledger.leaseDue("poll")).toHaveLength(1);
  });

  test("a reader of one purge is not told of the due checks of others", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.pend("a");
    ledger.time.now += 5 * second;
    await ledger.ask("poll", 1, [id]);
    await ledger.pend("b");
    ledger.time.now += 6 * second;
    expect(await ledger.ask("poll", 5, [id])).toMatchObject({ leases: [], retryInMs: 9 * second });
    expect(await ledger.ask("poll", 5, ["p-none"])).toMatchObject({ leases: [], retryInMs: undefined });
  });

  test("a check that was handed back is due at once, and not counted", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.pend("a");
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], unsent);
    expect(await ledger.purge(id)).toMatchObject({ checks: 0, nextCheckAt: ledger.time.now });
  });

  test("a check that fails is no answer: the purge goes on being asked after, and not for ever", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.pend("a");
    ledger.time.now += 5 * second;
    await ledger.settle((await ledger.leaseDue("poll"))[0], failed);
    expect(await ledger.purge(id)).toMatchObject({ state: "pending", checks: 0 });
    ledger.time.now += day;
    await ledger.settle((await ledger.leaseDue("poll"))[0], throttled);
    expect(await ledger.stateOf(id)).toBe("overdue");
    ledger.time.now += hour;
    await ledger.settle((await ledger.leaseDue("poll"))[0], failed);
    expect(await ledger.stateOf(id)).toBe("abandoned");
  });

  test("a status of another request, or of a purge that is over, changes nothing", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.pend("a");
    ledger.time.now += 5 * second;
    const [lease] = await ledger.leaseDue("poll");
    const before = await ledger.purge(id);
    await ledger.advance({
      settlements: [{ lane: "poll", purgeId: id, imagekitRequestId: "other", token: "t", result: completed }],
    });
    expect(await ledger.purge(id)).toEqual(before);
    await ledger.settle(lease, completed);
    const ended = await ledger.purge(id);
    ledger.time.now += minute;
    await ledger.settle(lease, pending);
    await ledger.settle({ lane: "send", purgeId: "p-none", url: "", token: "t", leasedAt: 0 }, accepted("x"));
    expect(await ledger.purge(id)).toEqual(ended);
  });
});
