import fc from "fast-check";
import { expect } from "vitest";
import {
  accepted,
  completed,
  day,
  failed,
  hour,
  minute,
  pending,
  refused,
  reservationOf,
  second,
  settlementOf,
  type TestLedger,
  throttled,
  timedOut,
  unauthorized,
  unexpected,
  unknownId,
  unreachable,
  unsent,
  untraceable,
} from "../support/test-ledger.ts";
import { expectGuarantees, expectWithinQuota, type Model, noteLease, purgeIn, type Real } from "./model.ts";

import { expectRepeated, noteMade } from "./model-repeats.ts";

type Command = fc.AsyncCommand<Model, Real>;

/** A command by its name and what it does; the guarantees are checked after each. */
export function command(name: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      await run(model, real);
      await expectGuarantees(model, real);
    },
    toString: () => name,
  };
}

const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
const index = fc.nat({ max: 1_000 });
export const instance = fc.constantFrom<0 | 1>(0, 1);

const delays = [0, 0, 0, second, 2 * minute, hour, 20 * day] as const;

const submit = fc
  .record({
    which: instance,
    names: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "a?v=1", "b?v=1"), {
      minLength: 1,
      maxLength: 4,
    }),
    delayMs: fc.constantFrom(...delays),
    isScheduled: fc.boolean(),
    onExhausted: fc.constantFrom("reject" as const, "hold" as const),
    key: fc.option(fc.constantFrom("k1", "k2"), { nil: undefined }),
    changedMsAgo: fc.constantFrom(0, 1, second, minute + 1, 10 * minute),
    wave: fc.constantFrom(0, 1, 3),
    actor: fc.constantFrom("shop", "cms"),
  })
  .map((input) =>
    command(`submit ${JSON.stringify(input)}`, async (model, { ledgers }) => {
      const { which, names, onExhausted, key, wave, actor } = input;
      const ledger = ledgers[which];
      const changedAt = ledger.time.now - input.changedMsAgo;
      const sendAt = input.delayMs > 0 ? ledger.time.now + input.delayMs : undefined;
      const sendAfter = input.isScheduled ? sendAt : undefined;
      const bodyHash = [...names, input.delayMs, input.isScheduled].join();
      const reservation = reservationOf(names, ledger.nextId, {
        onExhausted,
        actor,
        changedAt,
        sendAfter,
        settleMs: input.isScheduled ? undefined : input.delayMs,
        idempotency: key ? { keyHash: key, bodyHash } : undefined,
        lease: { token: ledger.nextId("l"), limit: wave },
      });
      const reply = await ledger.reserve(reservation);
      const before = key ? model.batchByKey.get(key) : undefined;
      if (before) {
        expect(reply.outcome, "G6: one key, one body").toBe(
          before.bodyHash === bodyHash ? "replayed" : "key-reused",
        );
        if (reply.outcome === "replayed") expect(reply.batch.id, "G6: the same batch").toBe(before.batchId);
        return;
      }
      expect(["reserved", "exhausted", "repeating"]).toContain(reply.outcome);
      if (reply.outcome === "repeating") {
        const refused = new Set(reply.purges.map(({ id }) => id));
        expectRepeated(model, reservation, refused, ledger.time.now);
      }
      if (reply.outcome !== "reserved") return;
      const { batch, leases } = reply;
      if (key) model.batchByKey.set(key, { batchId: batch.id, bodyHash });
      model.reservations.push(reservation);
      expect(batch.purges, "G1: every line has its purge").toHaveLength(names.length);
      for (const purge of batch.purges) {
        const known = purgeIn(model, purge.id);
        if (purge.batchId === batch.id) {
          known.sendAfter = sendAfter;
          known.notBefore = sendAt ?? 0;
          noteMade(model, reservation, purge.url, ledger.time.now);
        }
        expect(known.sendAfter, "G6: shared by those of the same instant").toBe(sendAfter);
        if (sendAfter === undefined) known.notBefore = Math.min(known.notBefore, sendAt ?? 0);
        known.batches.add(batch.id);
        // A whole second stands for any moment of it, but no change is reported before it happens.
        const latest = changedAt % second === 0 ? changedAt + second - 1 : changedAt;
        known.changedAt = Math.max(known.changedAt, Math.min(latest, ledger.time.now));
      }
      for (const lease of leases) if (lease.endpoint === "send") noteLease(model, lease, ledger.time.now);
      const granted = batch.purges.some(({ batchId, state }) => batchId === batch.id && state !== "held");
      if (granted) await expectWithinQuota(ledger);
    }),
  );

const lease = fc
  .record({ which: instance, endpoint: fc.constantFrom("send" as const, "poll" as const), limit: fc.nat(4) })
  .map(({ which, endpoint, limit }) =>
    command(`lease ${limit} ${endpoint}s by ${which}`, async (model, { ledgers }) => {
      const ledger = ledgers[which];
      const advance = { settlements: [], lease: { endpoint, token: ledger.nextId("l"), limit } };
      const { leases } = await ledger.advance(advance);
      model.advances.push(advance);
      for (const given of leases) {
        if (given.endpoint === "send") noteLease(model, given, ledger.time.now);
        else model.leases.push(given);
      }
      if (endpoint === "send" && leases.length > 0) await expectWithinQuota(ledger);
    }),
  );

const sendResults = [
  timedOut,
  refused,
  throttled,
  unauthorized,
  unexpected,
  unreachable,
  untraceable,
  unsent,
] as const;
const pollResults = [completed, pending, unknownId, failed, throttled, unauthorized, unsent] as const;
const notArrived = new Set(["refused", "throttled", "unauthorized", "unexpected", "unreachable", "unsent"]);

export const settle = fc
  .record({ which: instance, lease: index, result: index, isAccepted: fc.boolean() })
  .map((input) =>
    command(`settle ${JSON.stringify(input)}`, async (model, { ledgers }) => {
      const given = pick(model.leases, input.lease);
      if (!given) return;
      model.leases.splice(model.leases.indexOf(given), 1);
      const ledger = ledgers[input.which];
      const requestId = `ik-${given.token}-${given.purgeId}`;
      const ofSend = input.isAccepted ? accepted(requestId) : pick(sendResults, input.result);
      const result = given.endpoint === "send" ? ofSend : pick(pollResults, input.result);
      if (!result) return;
      if (given.endpoint === "send") {
        const sentAt = model.sentAtByToken.get(given.token + given.purgeId);
        model.sentAtByRequestId.set(requestId, sentAt ?? 0);
        if (notArrived.has(result.outcome)) purgeIn(model, given.purgeId).posts -= 1;
      }
      const advance = { settlements: [settlementOf(given, result)] };
      model.advances.push(advance);
      await ledger.advance(advance);
    }),
  );

/** Whoever held the lease died: what became of the POST nobody will ever say. */
export const crash = index.map((n) =>
  command(`crash ${n}`, async (model) => {
    const given = pick(model.leases, n);
    if (given) model.leases.splice(model.leases.indexOf(given), 1);
  }),
);

export const wait = fc
  .constantFrom(1, second, 5 * second, 61 * second, 61 * second, 16 * minute, hour, day, 8 * day, 20 * day)
  .map((forMs) =>
    command(`wait ${forMs} ms`, async (_model, { ledgers }) => {
      ledgers[0].time.now += forMs;
    }),
  );

export const operate = fc
  .record({ which: instance, what: fc.constantFrom("cancel", "cancel-all", "resend", "close"), purge: index })
  .map(({ which, what, purge }) =>
    command(`${what} ${purge} by ${which}`, async (model, { ledgers }) => {
      const id = pick([...model.purges.keys()], purge);
      if (!id) return;
      const ledger = ledgers[which];
      const before = await ledger.purge(id);
      const reply = await operateBy(ledger, what, id);
      expect(reply.outcome).not.toBe("not-found");
      if (reply.outcome === "done" && what === "resend") await expectWithinQuota(ledger);
      if (reply.outcome !== "done")
        expect(await ledger.purge(id), "refused: nothing written").toEqual(before);
    }),
  );

function operateBy(ledger: TestLedger, what: string, id: string) {
  if (what === "resend") return ledger.resend(id, "admin");
  if (what === "close") return ledger.close(id, "admin");
  const scope = what === "cancel" ? "own-batches" : "every-batch";
  return ledger.cancel(id, { actor: "shop", scope });
}

const correct = fc.record({ which: instance, external: fc.nat(14) }).map(({ which, external }) =>
  command(`correct to ${external} by ${which}`, async (_model, { ledgers }) => {
    const budget = await ledgers[which].correct({ external, actor: "admin" });
    expect(budget.external).toBe(external);
  }),
);

/** An admin changes the profiles, checked against those in force or against earlier ones. */
const changeProfile = fc
  .record({ which: instance, isLate: fc.boolean(), isGone: fc.boolean() })
  .map(({ which, isLate, isGone }) =>
    command(`change a profile by ${which}`, async (model, { ledgers }) => {
      const ledger = ledgers[which];
      const { version, history } = await ledger.readProfiles();
      expect([version, history.length]).toEqual([model.profileVersion, Math.min(100, model.profileVersion)]);
      const name = ledger.nextId("o");
      const profile = { name, paths: [`/${name}/`], endpoints: ["https://x.test"], transformations: [] };
      const expectedVersion = version - (isLate ? 1 : 0);
      const change = { name, profile: isGone ? undefined : profile, expectedVersion, actor: "admin" };
      const { outcome, profiles } = await ledger.changeProfile(change);
      expect(outcome).toBe(isLate ? "conflict" : "changed");
      if (!isLate && !isGone) model.profileVersion += 1;
      expect(profiles).toMatchObject({ version: model.profileVersion });
    }),
  );

/** The ledger finds no fault with itself. */
const check = instance.map((which) =>
  command(`check by ${which}`, async (_model, { ledgers }) => {
    await ledgers[which].check();
    expect(await ledgers[which].alarmCodes()).not.toContain("ledger-damaged");
  }),
);

/** A call that was executed already arrives once more, however late. */
const deliverAgain = fc.record({ which: instance, what: index, isReservation: fc.boolean() }).map((input) =>
  command(`deliver again ${JSON.stringify(input)}`, async (model, { ledgers }) => {
    const ledger = ledgers[input.which];
    const before = await ledger.readBudget();
    if (input.isReservation) {
      const reservation = pick(model.reservations, input.what);
      if (reservation) expect((await ledger.reserve(reservation)).outcome).toBe("reserved");
    } else {
      const advance = pick(
        model.advances.filter(({ lease }) => lease?.endpoint !== "poll"),
        input.what,
      );
      if (advance) await ledger.advance(advance);
    }
    const { spent, reserved } = await ledger.readBudget();
    if (input.isReservation)
      expect({ spent, reserved }).toEqual({ spent: before.spent, reserved: before.reserved });
  }),
);

export const ledgerCommands = fc.commands(
  [
    submit,
    submit,
    lease,
    lease,
    settle,
    settle,
    settle,
    crash,
    wait,
    wait,
    operate,
    correct,
    changeProfile,
    check,
    deliverAgain,
  ],
  { maxCommands: 60, size: "max" },
);
