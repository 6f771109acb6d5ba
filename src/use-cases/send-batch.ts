import type { Batch } from "../domain/batch.ts";
import { LedgerUnavailable } from "../ledger/contract.ts";
import type { ReserveReply } from "../ledger/reservation.ts";
import type { Services } from "../services.ts";
import { sendLane } from "./lanes.ts";
import { workLane } from "./work-lane.ts";

export type Invocation = {
  /** The end of the function's time, on the monotonic clock. */
  readonly deadlineMs: number;
  /** The answer waits for the sends this long; if absent, 5 s. */
  readonly answerWithinMs?: number;
};

/** An answer waits for the sends this long; the rest continues after it. */
const answerWithinMs = 5_000;
/** A submission waits for back-offs and rates up to this long; longer ones are left to the sweep. */
const patienceMs = 10_000;

/**
 * Sends what the reservation queued; returns the batch when that is done or the answer is due. The sweep
 * sends what is not due yet.
 */
export async function sendBatch(
  services: Services,
  reserved: Extract<ReserveReply, { outcome: "reserved" }>,
  askedAtMs: number,
  run: Invocation,
): Promise<Batch> {
  const { batch, leases, retryInMs } = reserved;
  const leased = new Set(leases.map(({ purgeId }) => purgeId));
  const queued = batch.purges.filter(
    ({ id, batchId, state, sendAt = 0 }) =>
      batchId === batch.id && state === "queued" && !leased.has(id) && sendAt <= services.clock.now(),
  );
  const sending = workLane(services, sendLane, {
    deadlineMs: run.deadlineMs,
    patienceMs,
    first: { leases, retryInMs, askedAtMs },
    purgeIds: queued.map(({ id }) => id),
    batchId: batch.id,
  });
  const answerIsDue = new AbortController();
  const finished = await Promise.race([
    sending,
    services.clock
      .sleep(run.answerWithinMs ?? answerWithinMs, answerIsDue.signal)
      .then(() => "later" as const),
  ]).finally(() => answerIsDue.abort());
  if (finished !== "later") {
    if (finished.readings) services.background(finished.readings);
    return finished.batch ?? batch;
  }
  services.background(
    sending.then(
      ({ outcomes, readings }) => {
        services.log("batch-sent", { batchId: batch.id, ...outcomes });
        return readings;
      },
      () => services.log("batch-left-to-sweep", { batchId: batch.id }),
    ),
  );
  return (await readIfThere(services, batch.id)) ?? batch;
}

/** Undefined while the ledger is unavailable: the batch is accepted, so a 503 would be wrong. */
async function readIfThere({ ledger }: Services, batchId: string): Promise<Batch | undefined> {
  try {
    return await ledger.readBatch(batchId);
  } catch (error) {
    if (error instanceof LedgerUnavailable) return undefined;
    throw error;
  }
}
