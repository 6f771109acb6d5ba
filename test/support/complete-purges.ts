import { type EpochMs, systemClock } from "../../src/domain/time.ts";
import type { Settlement } from "../../src/ledger/leases.ts";
import { nameTargets } from "../../src/planning/name-targets.ts";
import { planRequest } from "../../src/planning/plan-request.ts";
import type { Services } from "../../src/services.ts";
import { ledgerAt } from "./ledger-at.ts";

/**
 * Takes URLs through the ledger's own scripts, from a batch to Completed at the second poll, without ImageKit. The time
 * starts at `startsAt`. The policy must have the rates off. Returns the ids of the batches.
 */
export async function completePurges(
  { config, makeId }: Services,
  work: { readonly urls: readonly string[]; readonly batchSize: number; readonly startsAt: EpochMs },
): Promise<readonly string[]> {
  let now = work.startsAt;
  const ledger = ledgerAt({ ...systemClock, now: () => now }, { config, makeId });

  const context = { endpoints: config.endpoints, profiles: [], mayUseWildcards: true };
  const settleAll = async (lane: "send" | "poll", answer: "pending" | "completed") => {
    for (;;) {
      const lease = { lane, token: makeId("l"), limit: 100 };
      const { leases } = await ledger.advance({ settlements: [], lease });
      if (leases.length === 0) return;
      const settlements = leases.map((leased): Settlement => {
        if (leased.lane === "poll") return { ...leased, result: { outcome: answer } };
        const { purgeId, token } = leased;
        // As long as ImageKit's ids: 24 characters.
        const imagekitRequestId = makeId("r").slice(-24);
        const result = { outcome: "accepted", status: 201, imagekitRequestId } as const;
        return { lane: "send", purgeId, token, result };
      });
      await ledger.advance({ settlements });
    }
  };

  const batchIds: string[] = [];
  for (let from = 0; from < work.urls.length; from += work.batchSize) {
    const urls = work.urls.slice(from, from + work.batchSize);
    const batchId = makeId("b");
    batchIds.push(batchId);
    await ledger.reserve({
      batchId,
      actor: "storefront",
      reason: "new autumn photo",
      onExhausted: "reject",
      idempotency: { keyHash: makeId("o").repeat(2), bodyHash: makeId("o").repeat(2) },
      lease: { token: makeId("l"), limit: 0 },
      ...nameTargets(planRequest({ urls, images: [], cover: [] }, context), () => makeId("p")),
    });
  }
  await settleAll("send", "pending");
  now += 5_000;
  await settleAll("poll", "pending");
  now += 5_000;
  await settleAll("poll", "completed");
  return batchIds;
}
