import { type Batch, isChecked } from "../domain/batch.ts";
import type { Purge } from "../domain/purge.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Ledger } from "../ledger/contract.ts";
import type { Services } from "../services.ts";
import { checkLane, pollLane } from "./lanes.ts";
import { workChecks } from "./work-checks.ts";
import { allEnded, workLane } from "./work-lane.ts";

/** A read polls at most this many due purges, and checks as many at the edge, so that nobody waits for the next sweep. */
const duePerRead = 20;
/** A read that polls or checks takes at most this long. */
const readForMs = 8_000;
/** A wait reads the ledger at most this often. */
const shortestWaitMs = 1_000;
/** Another run is sending the purge now: its answer is expected soon. */
const sendingWaitMs = 2_000;

/** Makes the purge's status check if it is due, then returns the purge as it is now. A due edge check is begun. */
export async function pollThenReadPurge(
  services: Services,
  id: Parameters<Ledger["readPurge"]>[0],
): Promise<Purge | undefined> {
  const purge = await services.ledger.readPurge(id);
  if (!purge || !(await pollDue(services, [purge]))) return purge;
  return services.ledger.readPurge(id);
}

/**
 * Makes the batch's due status checks, then returns the batch as it is now. Due edge checks are begun, and awaited only if
 * the caller waits for them. With `waitMs` it returns when the batch is done (or checked at the edge too) or the time is
 * over, and sleeps until the earliest next check in between.
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
    const awaitChecksMs = until === "checked" ? untilMs - clock.monotonicMs() : 0;
    const batch = (await pollDue(services, read.purges, awaitChecksMs)) ? await ledger.readBatch(id) : read;
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
 * Polls those of these purges that are due, under leases as a sweep does. Checks at the edge are begun if they are due, and
 * go on in the background, because the CDN may hang; a caller who waits for them awaits them for `awaitChecksMs`. Returns
 * whether there may be news.
 */
export async function pollDue(
  services: Services,
  purges: readonly Purge[],
  awaitChecksMs = 0,
): Promise<boolean> {
  const nowMs = services.clock.now();
  const checks = idsOf(purges.filter((purge) => isCheckDue(purge, nowMs)));
  const polls = idsOf(purges.filter((purge) => isPollDue(purge, nowMs)));
  // With less time no reading begins.
  const awaitsChecks = checks.length > 0 && awaitChecksMs >= checkLane.callMs;
  const runFor = (timeMs: number) => ({ deadlineMs: services.clock.monotonicMs() + timeMs, patienceMs: 0 });

  const checking =
    checks.length > 0 &&
    workChecks(services, {
      ...runFor(awaitsChecks ? Math.min(awaitChecksMs, readForMs) : readForMs),
      purgeIds: checks,
    });
  if (checking) services.background(checking);
  await allEnded([
    polls.length > 0 && workLane(services, pollLane, { ...runFor(readForMs), purgeIds: polls }),
    awaitsChecks && checking,
  ]);
  return polls.length > 0 || awaitsChecks;
}

function idsOf(purges: readonly Purge[]): readonly string[] {
  return purges.slice(0, duePerRead).map(({ id }) => id);
}

function isPollDue({ state, nextCheckAt = 0 }: Purge, nowMs: EpochMs): boolean {
  return (state === "pending" || state === "overdue") && nextCheckAt <= nowMs;
}

function isCheckDue({ edge }: Purge, nowMs: EpochMs): boolean {
  return edge?.outcome === "waiting" && edge.nextAt !== undefined && edge.nextAt <= nowMs;
}
