import { type Batch, isChecked } from "../domain/batch.ts";
import type { Purge } from "../domain/purge.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Services } from "../services.ts";
import { checkLane, type LaneLimits, pollLane } from "./lanes.ts";
import { workLane } from "./work-lane.ts";

/**
 * A read polls at most this many due purges itself, and checks as many at the edge, so that a waiting caller learns the
 * result before the next sweep.
 */
const duePerRead = 20;
/** A read that polls or checks takes at most this long. */
const readForMs = 8_000;
/** A wait reads the ledger at most this often. */
const shortestWaitMs = 1_000;
/** Another run is sending the purge now: its answer is expected soon. */
const sendingWaitMs = 2_000;

/** Makes the purge's status check and its edge check if they are due, then returns the purge as it is now. */
export async function pollThenReadPurge(services: Services, id: string): Promise<Purge | undefined> {
  const purge = await services.ledger.readPurge(id);
  if (!purge || !(await pollDue(services, [purge]))) return purge;
  return services.ledger.readPurge(id);
}

/**
 * Makes the batch's due status checks and edge checks, then returns the batch as it is now. With `waitMs` it returns when
 * the batch is done (or checked at the edge too) or the time is over, and sleeps until the earliest next check in between.
 */
export async function pollThenReadBatch(
  services: Services,
  id: string,
  waitMs: number,
  until: "done" | "checked" = "done",
): Promise<Batch | undefined> {
  const { clock, ledger } = services;
  const untilMs = clock.monotonicMs() + waitMs;
  const isOver = (batch: Batch) => (until === "checked" ? isChecked(batch) : batch.done);
  for (;;) {
    const read = await ledger.readBatch(id);
    if (!read || isChecked(read)) return read;
    const batch = (await pollDue(services, read.purges)) ? await ledger.readBatch(id) : read;
    if (!batch || isOver(batch)) return batch;
    const leftMs = untilMs - clock.monotonicMs();
    if (leftMs <= 0) return batch;
    await clock.sleep(Math.min(leftMs, Math.max(shortestWaitMs, untilNextCheckMs(services, batch, until))));
  }
}

function untilNextCheckMs({ clock }: Services, { purges }: Batch, until: "done" | "checked"): number {
  const nowMs = clock.now();
  const waits = purges.map(({ state, nextCheckAt, edge }) => {
    if (state === "sending" || state === "queued") return sendingWaitMs;
    const nextAt = nextCheckAt ?? (until === "checked" ? edge?.nextAt : undefined);
    return nextAt === undefined ? Number.POSITIVE_INFINITY : nextAt - nowMs;
  });
  return Math.min(...waits);
}

/**
 * Polls those of these purges that are due, and checks at the edge those that are due for that, under leases as a sweep
 * does. Returns whether any was due.
 */
export async function pollDue(services: Services, purges: readonly Purge[]): Promise<boolean> {
  const nowMs = services.clock.now();
  const work = async (lane: LaneLimits, isDue: (purge: Purge) => boolean) => {
    const due = purges.filter(isDue).slice(0, duePerRead);
    if (due.length === 0) return false;
    await workLane(services, lane, {
      deadlineMs: services.clock.monotonicMs() + readForMs,
      patienceMs: 0,
      purgeIds: due.map(({ id }) => id),
    });
    return true;
  };
  const anyDue = await Promise.all([
    work(pollLane, (purge) => isPollDue(purge, nowMs)),
    work(checkLane, (purge) => isCheckDue(purge, nowMs)),
  ]);
  return anyDue.includes(true);
}

function isPollDue({ state, nextCheckAt = 0 }: Purge, nowMs: EpochMs): boolean {
  return (state === "pending" || state === "overdue") && nextCheckAt <= nowMs;
}

function isCheckDue({ edge }: Purge, nowMs: EpochMs): boolean {
  return edge?.outcome === "waiting" && edge.nextAt !== undefined && edge.nextAt <= nowMs;
}
