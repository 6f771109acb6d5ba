import { expect, test } from "vitest";
import { describeLedger } from "../support/describe-ledger.ts";
import type { RedisBackend } from "../support/ledger-backends.ts";
import {
  accepted,
  completed,
  day,
  midNovember,
  minute,
  pollLease,
  refused,
  second,
  settlementOf,
  type TestLedger,
  testLedger,
  throttled,
  timedOut,
} from "../support/test-ledger.ts";

const ahead = midNovember + 30 * second + 1;
const url = "https://x.test/a";

describeLedger("the same change", (backend) => {
  test("G6: a hook that fires twice, from a clock that runs ahead, costs one unit", async () => {
    const ledger = testLedger(backend);
    const id = await ledger.pend("a", { changedAt: ahead });
    ledger.time.now += second;
    expect((await ledger.plan({ actor: "shop", urls: [url], changedAt: ahead })).joins).toEqual(
      new Map([[url, id]]),
    );
    expect(await ledger.accept(["a"], { changedAt: ahead, actor: "cms" })).toMatchObject({
      ids: [id],
      batch: { units: 0 },
    });

    ledger.time.now += 5 * second;
    await ledger.settle(pollLease((await ledger.leaseDue("poll"))[0]), completed);
    ledger.time.now += 6 * minute;
    expect((await ledger.accept(["a"], { changedAt: ahead })).ids).toEqual([id]);
  });

  test("G6: two changes that are each told twice, in turns, cost one unit each", async () => {
    const ledger = testLedger(backend);
    const tell = async (changedAt: number) => {
      ledger.time.now += 100;
      return (await ledger.accept(["a"], { changedAt, wave: 1 })).ids[0];
    };
    const told = [ahead, ahead + 200, ahead, ahead + 200, ahead];
    const ids: (string | undefined)[] = [];
    for (const changedAt of told) ids.push(await tell(changedAt));
    expect(new Set(ids).size).toBe(2);
    expect(ids).toEqual([ids[0], ids[1], ids[0], ids[1], ids[0]]);
  });

  test("G6: who joined a purge before it was sent shares it when the same change is told again", async () => {
    const ledger = testLedger(backend);
    const first = await ledger.accept(["a"]);
    await ledger.accept(["a"], { changedAt: ahead });
    await ledger.leaseDue("send");
    ledger.time.now += second;
    expect((await ledger.accept(["a"], { changedAt: ahead })).ids).toEqual(first.ids);
  });

  test.each([
    ["another instant", ahead + 1],
    ["an instant without milliseconds", midNovember + 30 * second],
  ])("G6: a purge sent before the change is not joined for %s", async (_, changedAt) => {
    const ledger = testLedger(backend);
    await ledger.pend("a", { changedAt: changedAt === ahead + 1 ? ahead : changedAt });
    ledger.time.now += second;
    expect((await ledger.plan({ actor: "shop", urls: [url], changedAt })).joins.size).toBe(0);
    expect((await ledger.accept(["a"], { changedAt })).batch.units).toBe(1);
  });

  test("G6: the same change told again does not join a purge sent more than 60 s before it", async () => {
    const ledger = testLedger(backend);
    for (const [name, lead, units] of [
      ["a", minute - 1, 0],
      ["b", minute + 1, 1],
    ] as const) {
      const changedAt = ledger.time.now + lead;
      await ledger.pend(name, { changedAt });
      expect((await ledger.accept([name], { changedAt })).batch.units).toBe(units);
    }
  });

  test.each(["refused", "cancelled", "abandoned"] as const)(
    "G6: the same change told again does not join a purge that ended %s",
    async (end) => {
      const ledger = testLedger(backend);
      const { ids, leases } = await ledger.accept(["a"], {
        changedAt: ahead,
        wave: end === "cancelled" ? 0 : 1,
      });
      const [id = ""] = ids;
      if (end === "refused") await ledger.settle(leases[0], refused);
      if (end === "cancelled") await ledger.cancel(id, { actor: "shop", scope: "own-batches" });
      if (end === "abandoned") {
        await ledger.settle(leases[0], timedOut);
        await ledger.close(id, "admin");
      }
      const again = await ledger.accept(["a"], { changedAt: ahead, wave: 1 });
      expect(again).toMatchObject({ batch: { units: 1 } });
      ledger.time.now += second;
      expect((await ledger.accept(["a"], { changedAt: ahead })).ids).toEqual(again.ids);
    },
  );

  test("G6: the same change told again shares a purge whose resend waits, and one that ImageKit throttled", async () => {
    const ledger = testLedger(backend);
    const lost = await ledger.send("a", { changedAt: ahead });
    const slowed = await ledger.send("b", { changedAt: ahead });
    await ledger.settle(lost, timedOut);
    await ledger.settle(slowed, throttled);
    const again = await ledger.accept(["a", "b"], { changedAt: ahead });
    expect(again.ids).toEqual([lost.purgeId, slowed.purgeId]);
  });

  test("G6: a whole second stands for any moment of it", async () => {
    const ledger = testLedger(backend);
    ledger.time.now += 300;
    const early = await ledger.pend("a");
    ledger.time.now += 699;
    const late = await ledger.pend("b");
    const reply = await ledger.accept(["a", "b"], { changedAt: midNovember });
    expect(reply.ids[0]).not.toBe(early);
    expect(reply.ids[1]).toBe(late);
  });

  test("what is remembered of a clock that runs ahead lasts a day, and others cost nothing", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(["a", "b"], { changedAt: midNovember - 1 });
    await ledger.accept(["a", "b"], { changedAt: midNovember + minute });
    expect(await backend.raw.keys("test:1:changed:*")).toEqual([]);
    await ledger.accept(["a", "b"], { changedAt: ahead });
    const keys = await backend.raw.keys("test:1:changed:*");
    expect(keys).toEqual([`test:1:changed:${ahead}`]);
    expect(await backend.raw.pttl(keys[0] ?? "")).toBeGreaterThan(day - minute);
  });
});

/** The events of one history, in order. `send` sends what is queued. */
const orders = [
  ["change 1", "tell 1", "change 2", "tell 2"],
  ["change 1", "tell 1", "send", "change 2", "tell 2"],
  ["change 1", "tell 1", "change 2", "send", "tell 2"],
  ["change 1", "change 2", "tell 1", "tell 2"],
  ["change 1", "change 2", "tell 1", "send", "tell 2"],
  ["change 1", "change 2", "tell 2", "tell 1"],
  ["change 1", "change 2", "tell 2", "send", "tell 1"],
] as const;
const pauses = [1, 350, 700];

const clocks = [
  ["states no time", () => undefined],
  ["states milliseconds", (at: number) => at],
  ["states milliseconds and runs 40 s ahead", (at: number) => at + 40 * second],
  ["states seconds", (at: number) => at - (at % second)],
  ["states seconds and runs 40 s ahead", (at: number) => at - (at % second) + 40 * second],
] as const;

describeLedger("two changes and two reports", (backend) => {
  test.each(clocks)("G6: no order leaves the later content unpurged if the clock %s", async (_, stated) => {
    const ledger = testLedger(backend, { quota: 10_000, callerStorage: { perSecond: 1e6, burst: 1e12 } });
    const failures: string[] = [];
    let number = 0;
    for (const order of orders) {
      for (const waits of combinations(order.length, backend.kind)) {
        // Each history has a target of its own.
        ledger.time.now += 2 * minute - (ledger.time.now % second) + beginsAt;
        failures.push(...(await play(ledger, `t${++number}`, order, waits, stated)));
      }
    }
    expect(failures).toEqual([]);
  });
});

/** Where in a second a history begins: its pauses take some of its events into later seconds. */
const beginsAt = 150;

/**
 * Choices of pauses before the events: three pauses in turn. Choices that put every event into the same seconds are
 * equivalent, so one of each is played: all of these on a real redis-server, and two on the embedded Redis, which runs the
 * same script.
 */
function combinations(events: number, kind: RedisBackend["kind"]): readonly (readonly number[])[] {
  const all = pauses
    .flatMap((a) => pauses.flatMap((b) => pauses.map((c) => [a, b, c])))
    .map((chosen) => Array.from({ length: events }, (_, i) => chosen[i % 3] ?? 1));
  if (kind === "embedded") return all.filter((_, i) => i === 0 || i === 13);
  return [...new Map(all.map((waits) => [secondsOf(waits), waits])).values()];
}

function secondsOf(waits: readonly number[]): string {
  const passed = (events: number) => waits.slice(0, events).reduce((sum, wait) => sum + wait, beginsAt);
  return waits.map((_, i) => Math.floor(passed(i + 1) / second)).join();
}

/** Plays one history and then tells both changes again. Returns what went wrong. */
async function play(
  ledger: TestLedger,
  name: string,
  order: (typeof orders)[number],
  waits: readonly number[],
  stated: (at: number) => number | undefined,
): Promise<readonly string[]> {
  const changes: Record<string, number> = {};
  const served: { readonly change: string; readonly id: string }[] = [];
  const tell = async (change: string, changedAt: number | undefined) => {
    const { ids, batch } = await ledger.accept([name], { changedAt });
    served.push({ change, id: ids[0] ?? "" });
    return batch.units;
  };
  for (const [i, event] of order.entries()) {
    ledger.time.now += waits[i] ?? 1;
    const [what, change = ""] = event.split(" ");
    if (what === "send") await sendAll(ledger);
    if (what === "change") changes[change] = ledger.time.now;
    if (what === "tell") await tell(change, stated(changes[change] ?? 0));
  }
  await sendAll(ledger);
  ledger.time.now += 1;

  const failures: string[] = [];
  const history = `${order.join(", ")} after ${waits.join(", ")} ms`;
  for (const change of ["1", "2"]) {
    const changedAt = stated(changes[change] ?? 0);
    const units = await tell(change, changedAt);
    const isExact = changedAt !== undefined && changedAt % second !== 0;
    if (isExact && units > 0) failures.push(`${history}: change ${change} cost another unit`);
    await sendAll(ledger);
  }
  const sent = new Map<string, number>();
  for (const id of new Set(served.map(({ id }) => id))) sent.set(id, (await ledger.purge(id)).sentAt ?? 0);
  for (const { change, id } of served) {
    const sentAt = sent.get(id) ?? 0;
    if (sentAt < (changes[change] ?? 0)) failures.push(`${history}: change ${change} is not cleared`);
  }
  return failures;
}

/** Sends what is queued, and lets ImageKit accept it. */
async function sendAll(ledger: TestLedger): Promise<void> {
  const leases = await ledger.leaseDue("send");
  const settlements = leases.map((lease) => settlementOf(lease, accepted(`ik-${lease.purgeId}`)));
  if (settlements.length > 0) await ledger.advance({ settlements });
}
