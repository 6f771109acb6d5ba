import { expect, test } from "vitest";
import { describeOnEveryRedis } from "../support/ledger-backends.ts";
import { remember } from "../support/roll-back.ts";
import {
  accepted,
  completed,
  midNovember,
  minute,
  refused,
  second,
  type TestLedger,
  testLedger,
  throttled,
  timedOut,
  unsent,
  untraceable,
} from "../support/test-ledger.ts";

describeOnEveryRedis("a ledger that went back to an earlier state", (backend) => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => `t${i}`);
  const another = (ledger: TestLedger) => testLedger(backend, {}, midNovember, ledger);

  async function sendAll(ledger: TestLedger) {
    const posted: string[] = [];
    for (let i = 0; i < 6; i++) {
      for (const lease of await ledger.leaseDue("send")) {
        posted.push(lease.purgeId);
        await ledger.settle(lease, accepted(`ik2-${lease.purgeId}`));
      }
      ledger.time.now += minute;
    }
    return posted;
  }

  test("G2, G4: answers to sends that were in flight are believed and charged, and nothing is sent twice", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(names(40));
    const rollBack = await remember(backend);
    ledger.time.now += second;
    const leases = await ledger.leaseDue("send", 40);
    await rollBack();
    ledger.time.now += second;
    expect(await ledger.alarmCodes()).toEqual(["ledger-rolled-back"]);
    for (const lease of leases) await ledger.settle(lease, accepted(`ik-${lease.purgeId}`));
    expect(await ledger.readBudget()).toMatchObject({ spent: 40, reserved: 0 });
    expect(await sendAll(ledger)).toEqual([]);
    for (const id of ids) expect(await ledger.purge(id)).toMatchObject({ state: "pending", units: 1 });
  });

  test("G2, G4: what the instance had told the ledger already it tells again, and nothing is sent twice", async () => {
    const ledger = testLedger(backend);
    const { ids } = await ledger.accept(names(5));
    const rollBack = await remember(backend);
    ledger.time.now += second;
    for (const lease of await ledger.leaseDue("send"))
      await ledger.settle(lease, accepted(`ik-${lease.purgeId}`));
    await rollBack();
    ledger.time.now += second;
    await ledger.readBudget();
    expect(await ledger.readBudget()).toMatchObject({ spent: 5, reserved: 0 });
    for (const id of ids) {
      expect(await ledger.purge(id)).toMatchObject({ state: "pending", imagekitRequestId: `ik-${id}` });
    }
    expect(await sendAll(ledger)).toEqual([]);
    expect(await ledger.alarmCodes()).toEqual(["ledger-rolled-back"]);
    await ledger.correct({ external: 0, actor: "admin" });
    expect(await ledger.alarmCodes()).toEqual([]);
    await ledger.accept(["next"]);
    expect(await ledger.alarmCodes()).toEqual([]);
  });

  test("G2: another instance that saw nothing writes on, and the rollback is seen all the same", async () => {
    const knowing = testLedger(backend);
    const ignorant = another(knowing);
    await knowing.accept(names(3));
    const rollBack = await remember(backend);
    knowing.time.now += second;
    for (const lease of await knowing.leaseDue("send"))
      await knowing.settle(lease, accepted(`ik-${lease.purgeId}`));
    await rollBack();
    for (let i = 0; i < 20; i++) {
      knowing.time.now += second;
      await ignorant.accept([`later-${i}`], { wave: 0 });
    }
    expect(await ignorant.alarmCodes()).toEqual([]);
    const { batch } = await knowing.accept(["after"], { wave: 1 });
    expect(batch.budget).toMatchObject({ spent: 3 });
    expect(await ignorant.alarmCodes()).toEqual(["ledger-rolled-back"]);
    expect(await ignorant.readBudget()).toMatchObject({ spent: 3, reserved: 21 });
    await ignorant.correct({ external: 0, actor: "admin" });
    expect(await knowing.alarmCodes()).toEqual([]);
    await knowing.accept(["more"]);
    expect(await knowing.alarmCodes()).toEqual([]);
  });

  test("G4: sends pause after a rollback, for answers that other instances still hold", async () => {
    const one = testLedger(backend);
    const other = another(one);
    await one.accept(names(2));
    await other.readBudget();
    const rollBack = await remember(backend);
    one.time.now += second;
    const [mine] = await one.leaseDue("send", 1);
    const [theirs] = await other.leaseDue("send", 1);
    await rollBack();
    one.time.now += second;
    await one.settle(mine, accepted("ik-mine"));
    expect(await one.leaseDue("send")).toEqual([]);
    expect(await other.leaseDue("send")).toEqual([]);
    await other.settle(theirs, accepted("ik-theirs"));
    expect(await sendAll(one)).toEqual([]);
    expect(await one.readBudget()).toMatchObject({ spent: 2, reserved: 0 });
  });

  test("G2: purges whose reservation was rolled back are charged once, and the alarm names them", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(["before"]);
    const rollBack = await remember(backend);
    ledger.time.now += second;
    const lease = await ledger.send("gone");
    await rollBack();
    ledger.time.now += second;
    for (let i = 0; i < 2; i++) await ledger.settle(lease, accepted("ik-gone"));
    expect(await ledger.readBudget()).toMatchObject({ spent: 1, reserved: 1 });
    const { alarms } = await ledger.health();
    expect(alarms).toMatchObject([{ code: "ledger-rolled-back" }]);
    expect(alarms[0]?.message).toContain(lease.purgeId);
  });

  test("G2: a purge whose reservation was rolled back is charged even if others have spent as much since", async () => {
    const holder = testLedger(backend);
    await holder.accept(["before"]);
    const rollBack = await remember(backend);
    holder.time.now += second;
    const lease = await holder.send("gone");
    await rollBack();
    holder.time.now += second;
    const ignorant = another(holder);
    const [theirs] = await ignorant.leaseDue("send", 1);
    await ignorant.settle(theirs, accepted("ik-theirs"));
    for (let i = 0; i < 2; i++) await holder.settle(lease, accepted("ik-gone"));
    expect(await holder.readBudget()).toMatchObject({ spent: 2, reserved: 0 });
  });

  test("G2: a purge that was sent again before its first answer came is charged for both", async () => {
    const one = testLedger(backend);
    await one.accept(["a", "b"]);
    const rollBack = await remember(backend);
    one.time.now += second;
    const [first, cancelled] = await one.leaseDue("send");
    await rollBack();
    const ignorant = another(one);
    const [again] = await ignorant.leaseDue("send", 1);
    await ignorant.cancel(cancelled?.purgeId ?? "", { actor: "shop", scope: "every-batch" });
    for (let i = 0; i < 2; i++) await another(one).settle(first, accepted("ik-1"));
    await another(one).settle(cancelled, accepted("ik-c"));
    await ignorant.settle(again, accepted("ik-2"));
    expect(await ignorant.purge(first?.purgeId ?? "")).toMatchObject({ state: "pending", units: 2 });
    expect(await ignorant.readBudget()).toMatchObject({ spent: 3, reserved: 0 });
  });

  test("G2: an answer to a purge that is held again is believed", async () => {
    const one = testLedger(backend, { quota: 1 });
    await one.correct({ external: 1, actor: "admin" });
    const { ids } = await one.accept(["a"], { onExhausted: "hold" });
    const rollBack = await remember(backend);
    one.time.now += second;
    await one.correct({ external: 0, actor: "admin" });
    const [lease] = await one.leaseDue("send");
    await rollBack();
    one.time.now += second;
    await one.settle(lease, accepted("ik-a"));
    expect(await one.purge(ids[0] ?? "")).toMatchObject({ state: "pending", units: 1 });
    expect(await one.readBudget()).toMatchObject({ spent: 1, reserved: 0 });
  });

  test("a corrected figure that was rolled back counts again", async () => {
    const ledger = testLedger(backend);
    await ledger.accept(["a"]);
    const rollBack = await remember(backend);
    ledger.time.now += second;
    await ledger.correct({ external: 60, actor: "admin" });
    await rollBack();
    ledger.time.now += second;
    await ledger.accept(["b"]);
    expect(await testLedger(backend, {}, 0, ledger).readBudget()).toMatchObject({ external: 60 });
  });

  const outcomes = [
    { result: accepted("ik"), state: "pending", units: 1, spent: 1, reserved: 0 },
    { result: untraceable, state: "unknown", units: 1, spent: 1, reserved: 0 },
    { result: timedOut, state: "unknown", units: 1, spent: 1, reserved: 0 },
    { result: refused, state: "refused", units: 0, spent: 0, reserved: 0 },
    { result: throttled, state: "queued", units: 1, spent: 0, reserved: 1 },
    { result: unsent, state: "queued", units: 1, spent: 0, reserved: 1 },
  ] as const;

  test.each(outcomes)(
    "G2: after a rollback $result.outcome leaves each unit in its place, whoever brings it",
    async (row) => {
      for (const knows of [true, false]) {
        await backend.flush();
        const ledger = testLedger(backend);
        const { ids } = await ledger.accept(["a"]);
        const rollBack = await remember(backend);
        ledger.time.now += second;
        const [lease] = await ledger.leaseDue("send");
        await rollBack();
        ledger.time.now += second;
        const teller = knows ? ledger : another(ledger);
        for (let i = 0; i < 2; i++) await teller.settle(lease, row.result);
        expect(await teller.purge(ids[0] ?? "")).toMatchObject({ state: row.state, units: row.units });
        expect(await teller.readBudget()).toMatchObject({ spent: row.spent, reserved: row.reserved });
      }
    },
  );

  test("ordinary work of several instances, replies lost and months that turn raise nothing", async () => {
    const one = testLedger(backend);
    const other = another(one);
    for (let i = 0; i < 24; i++) {
      one.time.now += 36 * 60 * minute;
      backend.bridge.setFault(() => {
        backend.bridge.setFault(undefined);
        return "lose-reply";
      });
      const writer = i % 3 === 0 ? other : one;
      await writer.settle(await writer.send(`n${i}`), i % 5 === 0 ? refused : accepted(`ik-${i}`));
      for (const lease of await one.leaseDue("poll")) await other.settle(lease, completed);
    }
    expect(await one.alarmCodes()).toEqual([]);
    expect(await other.alarmCodes()).toEqual([]);
  });
});
