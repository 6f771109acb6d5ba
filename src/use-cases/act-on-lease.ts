import type { EpochMs } from "../domain/time.ts";
import { decideOutcome } from "../edge/decide-outcome.ts";
import type { CheckLease, Lease, PollLease, SendLease, Settlement } from "../ledger/leases.ts";
import { timings } from "../ledger/timings.ts";
import type { Services } from "../services.ts";
import type { Acted } from "./work-leases.ts";

/**
 * Makes the one call that a lease allows, which arrived at `arrivedAtMs` (monotonic). Never throws: an unclear outcome
 * of a send is `unknown`, and a reading of the edge that failed says so.
 */
export function actOnLease(services: Services, lease: Lease, arrivedAtMs: number): Promise<Acted> {
  // A lower bound of the time by Redis' clock: the reply was on its way for a while. So no copy is called newer than it is.
  const redisTime = (leasedAt: EpochMs) => leasedAt + Math.floor(services.clock.monotonicMs() - arrivedAtMs);
  switch (lease.lane) {
    case "send":
      return send(services, lease, () => redisTime(lease.leasedAt));
    case "poll":
      return poll(services, lease);
    case "check":
      return check(services, lease, () => redisTime(lease.leasedAt));
  }
}

/** The edge is read beside the send, which never waits for it. */
async function send(services: Services, lease: SendLease, now: () => EpochMs): Promise<Acted> {
  const { imagekit, edge, clock } = services;
  const { lane, purgeId, token, url, checkUrl } = lease;
  const begunMs = clock.monotonicMs();
  const before = checkUrl === undefined ? undefined : edge.readBefore(checkUrl, now);
  const settlement: Settlement = { lane, purgeId, token, result: await imagekit.purge(url) };
  logCall(services, settlement, begunMs);
  return { settlement, before };
}

async function poll(services: Services, lease: PollLease): Promise<Acted> {
  const { imagekit, clock } = services;
  const begunMs = clock.monotonicMs();
  const settlement: Settlement = { ...lease, result: await imagekit.status(lease.imagekitRequestId) };
  logCall(services, settlement, begunMs, lease.imagekitRequestId);
  return { settlement };
}

async function check(services: Services, lease: CheckLease, now: () => EpochMs): Promise<Acted> {
  const { edge, clock, log } = services;
  const { lane, purgeId, token, sentAt, completedAt, changedAt } = lease;
  const begunMs = clock.monotonicMs();
  const { url, before, after: previous, tries } = lease.edge;
  const reading = await edge.read(url, now);
  const isLastTry = tries + 1 >= timings.checkAfterMs.length;
  const result = decideOutcome({ reading, before, previous, sentAt, completedAt, changedAt, isLastTry });
  log("edge-check", {
    purgeId,
    outcome: result.outcome,
    cause: "cause" in result ? result.cause : undefined,
    problem: reading.problem,
    try: tries + 1,
    durationMs: Math.round(clock.monotonicMs() - begunMs),
  });
  return { settlement: { lane, purgeId, token, try: tries + 1, result } };
}

function logCall(
  { log, clock }: Services,
  { lane, purgeId, result }: Exclude<Settlement, { lane: "check" }>,
  begunMs: number,
  imagekitRequestId?: string,
): void {
  log(`imagekit-${lane}`, {
    purgeId,
    outcome: result.outcome,
    cause: "message" in result ? result.message : undefined,
    imagekitRequestId: "imagekitRequestId" in result ? result.imagekitRequestId : imagekitRequestId,
    durationMs: Math.round(clock.monotonicMs() - begunMs),
  });
}
