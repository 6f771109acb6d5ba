import fc from "fast-check";
import { expect } from "vitest";
import { accepted, settlementOf } from "../support/test-ledger.ts";
import { noteLease, purgeIn } from "./model.ts";
import { command, instance } from "./model-command.ts";
import { crash, operate, settle, wait } from "./model-commands.ts";

/** A batch of new targets, a wave of them leased with it. */
const submitMany = fc
  .record({ which: instance, count: fc.integer({ min: 10, max: 30 }) })
  .map(({ which, count }) =>
    command(`submit ${count} by ${which}`, async (model, { ledgers }) => {
      const ledger = ledgers[which];
      const names = Array.from({ length: count }, () => ledger.nextId("u"));
      const reply = await ledger.submit(names, { wave: 20 });
      if (reply.outcome !== "reserved") return;
      for (const { id } of reply.batch.purges) purgeIn(model, id).batches.add(reply.batch.id);
      for (const lease of reply.leases) if (lease.lane === "send") noteLease(model, lease, ledger.time.now);
    }),
  );

const leaseWave = instance.map((which) =>
  command(`lease a wave by ${which}`, async (model, { ledgers }) => {
    const reply = await ledgers[which].ask("send", 20);
    for (const lease of reply.leases)
      if (lease.lane === "send") noteLease(model, lease, ledgers[which].time.now);
    if (reply.leases.length < 20 && (await ledgers[which].health()).open.queued)
      expect(reply.retryInMs, "who got less is told when to ask again").toBeGreaterThanOrEqual(0);
  }),
);

/** All that is out is accepted. */
const settleAll = instance.map((which) =>
  command(`settle everything by ${which}`, async (model, { ledgers }) => {
    const settlements = model.leases.splice(0).flatMap((lease) => {
      if (lease.lane !== "send") return [];
      const requestId = `ik-${lease.token}-${lease.purgeId}`;
      model.sentAtByRequestId.set(requestId, model.sentAtByToken.get(lease.token + lease.purgeId) ?? 0);
      return [settlementOf(lease, accepted(requestId))];
    });
    await ledgers[which].advance({ settlements });
  }),
);

/** Many purges and many who send them, so that more would be under way at once than may be. */
export const crowdCommands = fc.commands(
  [submitMany, submitMany, leaseWave, leaseWave, settleAll, settle, crash, wait, operate],
  { maxCommands: 12, size: "max" },
);
