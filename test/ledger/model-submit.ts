import fc from "fast-check";
import { expect } from "vitest";
import { day, hour, minute, reservationOf, second } from "../support/test-ledger.ts";
import { expectWithinQuota, noteLease, purgeIn } from "./model.ts";
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
        expect(purge.edge?.outcome, "G6: what cleared nothing is not joined").not.toBe("stale");
        expect(known.sendAfter, "G6: shared by those of the same instant").toBe(sendAfter);
        if (sendAfter === undefined) known.notBefore = Math.min(known.notBefore, sendAt ?? 0);
        known.batches.add(batch.id);
        // A whole second stands for any moment of it, but no change is reported before it happens.
        const latest = changedAt % second === 0 ? changedAt + second - 1 : changedAt;
        known.changedAt = Math.max(known.changedAt, Math.min(latest, ledger.time.now));
      }
      for (const lease of leases) if (lease.lane === "send") noteLease(model, lease, ledger.time.now);
      const granted = batch.purges.some(({ batchId, state }) => batchId === batch.id && state !== "held");
      if (granted) await expectWithinQuota(ledger);
    }),
  );
