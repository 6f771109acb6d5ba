import fc from "fast-check";
import { expect } from "vitest";
import { reading, seen } from "../support/edge-readings.ts";
import {
  accepted,
  completed,
  day,
  failed,
  hour,
  minute,
  pending,
  refused,
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
import { expectWithinQuota, noteLease, purgeIn } from "./model.ts";
import { command, index, instance, pick } from "./model-command.ts";
import { submit, submitDropIn } from "./model-submit.ts";

const lease = fc
  .record({
    which: instance,
    lane: fc.constantFrom("send" as const, "poll" as const, "check" as const),
    limit: fc.nat(4),
  })
  .map(({ which, lane, limit }) =>
    command(`lease ${limit} ${lane}s by ${which}`, async (model, { ledgers }) => {
      const ledger = ledgers[which];
      const advance = { settlements: [], lease: { lane, token: ledger.nextId("l"), limit } };
      const { leases } = await ledger.advance(advance);
      model.advances.push(advance);
      for (const given of leases) {
        if (given.lane === "send") noteLease(model, given, ledger.time.now);
        else model.leases.push(given);
      }
      if (lane === "send" && leases.length > 0) await expectWithinQuota(ledger);
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
const checkResults = [
  seen("fresh", 1),
  seen("unchanged", 1),
  seen("renewed", 1),
  seen("stale", 1),
  seen("stale", 1),
  seen("undecided", 1),
  unsent,
] as const;
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
      const ofLane = {
        send: ofSend,
        poll: pick(pollResults, input.result),
        check: pick(checkResults, input.result),
      };
      const result = ofLane[given.lane];
      if (!result) return;
      if (given.lane === "send") {
        const sentAt = model.sentAtByToken.get(given.token + given.purgeId);
        model.sentAtByRequestId.set(requestId, sentAt ?? 0);
        if (notArrived.has(result.outcome)) purgeIn(model, given.purgeId).posts -= 1;
      }
      const settlement = settlementOf(given, result);
      const isRead = settlement.lane === "send" && "checkUrl" in given;
      const advance = { settlements: [isRead ? { ...settlement, before: reading(1, "old") } : settlement] };
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
    await ledgers[which].audit();
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
        model.advances.filter(({ lease }) => lease === undefined || lease.lane === "send"),
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
    submitDropIn,
    submitDropIn,
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
