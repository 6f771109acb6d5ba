import type { Batch } from "../domain/batch.ts";
import type { Purge } from "../domain/purge.ts";
import type { Ledger } from "../ledger/contract.ts";
import type { Services } from "../services.ts";
import { sendOrPoll } from "./send-or-poll.ts";
import { pollLane } from "./work-leases.ts";

/** A read polls at most this many due purges itself, so that a waiting caller learns the result before the next sweep. */
const pollsPerRead = 20;
/** A read that polls takes at most this long. */
const readForMs = 8_000;
/** A wait reads the ledger at most this often. */
const shortestWaitMs = 1_000;
/** Another run is sending the purge now: its answer is expected soon. */
const sendingWaitMs = 2_000;

/** Makes the purge's status check if it is due, then returns the purge as it is now. */
export async function pollThenReadPurge(
  services: Services,
  id: Parameters<Ledger["readPurge"]>[0],
): Promise<Purge | undefined> {
  const purge = await services.ledger.readPurge(id);
  if (!purge || !(await pollDue(services, [purge]))) return purge;
  return services.ledger.readPurge(id);
}

/**
 * Makes the batch's due status checks, then returns the batch as it is now. With `waitMs` it returns when the batch is done
 * or the time is over, and sleeps until the earliest next check in between.
 */
export async function pollThenReadBatch(
  services: Services,
  id: string,
  waitMs: number,
): Promise<Batch | undefined> {
  const { clock, ledger } = services;
  const untilMs = clock.monotonicMs() + waitMs;
  for (;;) {
    const read = await ledger.readBatch(id);
    if (!read || read.done) return read;
    const batch = (await pollDue(services, read.purges)) ? await ledger.readBatch(id) : read;
    if (!batch || batch.done) return batch;
    const leftMs = untilMs - clock.monotonicMs();
    if (leftMs <= 0) return batch;
    await clock.sleep(Math.min(leftMs, Math.max(shortestWaitMs, untilNextCheckMs(services, batch.purges))));
  }
}

function untilNextCheckMs(services: Services, purges: readonly Purge[]): number {
  const nowMs = services.clock.now();
  const waits = purges.map(({ state, nextCheckAt }) => {
    if (state === "sending" || state === "queued") return sendingWaitMs;
    return nextCheckAt === undefined ? Number.POSITIVE_INFINITY : nextCheckAt - nowMs;
  });
  return Math.min(...waits);
}

/** Polls those of these purges that are due, under leases as a sweep does. Returns whether any was due. */
export async function pollDue(services: Services, purges: readonly Purge[]): Promise<boolean> {
  const nowMs = services.clock.now();
  const due = purges
    .filter(
      ({ state, nextCheckAt = 0 }) => (state === "pending" || state === "overdue") && nextCheckAt <= nowMs,
    )
    .slice(0, pollsPerRead);
  if (due.length === 0) return false;
  await sendOrPoll(services, pollLane, {
    deadlineMs: services.clock.monotonicMs() + readForMs,
    patienceMs: 0,
    purgeIds: due.map(({ id }) => id),
  });
  return true;
}
