import fc from "fast-check";
import { expect } from "vitest";
import type { Reservation, ReserveReply } from "../../src/ledger/reservation.ts";
import { day, hour, minute, reservationOf, second, type TestLedger } from "../support/test-ledger.ts";
import { expectWithinQuota, type Model, noteLease, purgeIn } from "./model.ts";
import { command, instance } from "./model-command.ts";
import { expectRepeated, noteMade } from "./model-repeats.ts";

const delays = [0, 0, 0, second, 2 * minute, hour, 20 * day] as const;

/** A batch, sent at once, scheduled, or settling. */
export const submit = fc
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
    isChecked: fc.boolean(),
  })
  .map((input) =>
    command(`submit ${JSON.stringify(input)}`, async (model, { ledgers }) => {
      const { which, names, onExhausted, key, wave, actor } = input;
      const ledger = ledgers[which];
      const changedAt = ledger.time.now - input.changedMsAgo;
      const sendAt = input.delayMs > 0 ? ledger.time.now + input.delayMs : undefined;
      const sendAfter = input.isScheduled ? sendAt : undefined;
      const bodyHash = [...names, input.delayMs, input.isScheduled].join();
      const made = reservationOf(names, ledger.nextId, {
        onExhausted,
        actor,
        changedAt,
        sendAfter,
        settleMs: input.isScheduled ? undefined : input.delayMs,
        idempotency: key ? { keyHash: key, bodyHash } : undefined,
        lease: { token: ledger.nextId("l"), limit: wave },
      });
      const check = (url: string) => (input.isChecked ? ({ outcome: "waiting", url } as const) : undefined);
      const reservation = {
        ...made,
        purges: made.purges.map((purge) => ({ ...purge, check: check(purge.url) })),
      };
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
      if (key) model.batchByKey.set(key, { batchId: reply.batch.id, bodyHash });
      expect(reply.batch.purges, "G1: every line has its purge").toHaveLength(names.length);
      for (const purge of reply.batch.purges) {
        const known = purgeIn(model, purge.id);
        if (purge.batchId === reply.batch.id) {
          known.sendAfter = sendAfter;
          known.notBefore = sendAt ?? 0;
        }
        expect(purge.edge?.outcome, "G6: what cleared nothing is not joined").not.toBe("stale");
        expect(known.sendAfter, "G6: shared by those of the same instant").toBe(sendAfter);
        if (sendAfter === undefined) known.notBefore = Math.min(known.notBefore, sendAt ?? 0);
        noteChange(known, changedAt, ledger.time.now);
      }
      await noteReserved(model, ledger, reservation, reply);
    }),
  );

/** A save that is reported to the drop-in endpoint, or a resend of one to which no answer came. */
export const submitDropIn = fc
  .record({
    which: instance,
    name: fc.constantFrom("a", "b", "a?v=1"),
    actor: fc.constantFrom("shop", "cms"),
    isResend: fc.boolean(),
  })
  .map((input) =>
    command(`drop-in ${JSON.stringify(input)}`, async (model, { ledgers }) => {
      const { which, name, actor, isResend } = input;
      const ledger = ledgers[which];
      const reservation = reservationOf([name], ledger.nextId, {
        actor,
        changedAt: ledger.time.now,
        dropIn: { id: ledger.nextId("d").padStart(24, "0"), isResend },
        lease: { token: ledger.nextId("l"), limit: 1 },
      });
      const save = `${actor} ${name}`;
      const given = isResend ? model.given.get(save) : undefined;
      const before = given === undefined ? undefined : await ledger.purge(given);
      const reply = await ledger.reserve(reservation);
      if (given !== undefined) expect(reply.outcome, "a resend is never refused").toBe("reserved");
      expect(["reserved", "exhausted", "repeating"]).toContain(reply.outcome);
      if (reply.outcome !== "reserved") {
        // A resend of this save asks for a newer one than the purge before.
        if (!isResend) model.given.delete(save);
        return;
      }
      const [purge] = reply.batch.purges;
      if (purge === undefined) throw new Error("G1: a save has its purge");
      const known = purgeIn(model, purge.id);
      known.notBefore = 0;
      if (given === undefined) {
        noteChange(known, ledger.time.now, ledger.time.now);
      } else {
        expect(purge.id, "a resend gets the purge of its save").toBe(given);
        expect(reply.batch.units, "a resend costs nothing").toBe(0);
        // A held purge gets its unit as soon as there is one, and a queued one is held when the budget has shrunk.
        const wasHeld = before?.state === "held" || purge.state === "held";
        if (!wasHeld) expect(purge.units, "nor does its purge").toBe(before?.units);
        if (purge.state === "held") expect(purge.units, "what is held has no unit").toBe(0);
      }
      model.given.set(save, purge.id);
      await noteReserved(model, ledger, reservation, reply);
    }),
  );

/** Somebody counts on the purge for what changed then. */
function noteChange(known: ReturnType<typeof purgeIn>, changedAt: number, now: number): void {
  // A whole second stands for any moment of it, but no change is reported before it happens.
  const latest = changedAt % second === 0 ? changedAt + second - 1 : changedAt;
  known.changedAt = Math.max(known.changedAt, Math.min(latest, now));
}

async function noteReserved(
  model: Model,
  ledger: TestLedger,
  reservation: Reservation,
  { batch, leases }: Extract<ReserveReply, { outcome: "reserved" }>,
): Promise<void> {
  model.reservations.push(reservation);
  for (const purge of batch.purges) {
    if (purge.batchId === batch.id) noteMade(model, reservation, purge.url, ledger.time.now);
    purgeIn(model, purge.id).batches.add(batch.id);
  }
  for (const lease of leases) if (lease.lane === "send") noteLease(model, lease, ledger.time.now);
  const granted = batch.purges.some(({ batchId, state }) => batchId === batch.id && state !== "held");
  if (granted) await expectWithinQuota(ledger);
}
