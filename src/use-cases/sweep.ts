import { LedgerFull, LedgerUnavailable } from "../ledger/contract.ts";
import { errorFields } from "../log.ts";
import type { Services } from "../services.ts";
import { type LaneLimits, pollLane, sendLane } from "./lanes.ts";
import { workChecks } from "./work-checks.ts";
import { allEnded, workLane } from "./work-lane.ts";
import type { LaneReport } from "./work-leases.ts";

/** How many purges were settled with each outcome; empty when nothing was due. */
export type SweepReport = Readonly<Record<string, number>>;

/** A sweep waits for purges that come due within this time; the next sweep is at most a minute away. */
const patienceMs = 2_000;
/** A sweep still waits this long for the ledger after its deadline. */
const graceMs = 1_000;
/** A heartbeat is written by the first sweep that finds the latest one this old: about every fifth. */
const heartbeatAfterMs = 4.5 * 60_000;
/**
 * The ledger audits itself in minutes divisible by this. An audit costs about ten commands; run more often while nothing
 * can be done, audits would cost more than the sweeps themselves.
 */
const auditMinutes = { resting: 240, busy: 30 } as const;

/**
 * Runs every minute: acts on whatever is due, until nothing is or the time is over.
 *
 * Sends, polls and edge checks are three lanes side by side, so that none holds up another, and none ends another by its
 * error. Any number of sweeps may run at once: leases make them share the work. A lane in which nothing can be done rests; when all do, one plain
 * read is all that the sweep costs.
 */
export async function sweepLedger(
  services: Services,
  run: { readonly deadlineMs: number },
): Promise<SweepReport> {
  const { ledger, clock } = services;
  const state = await ledger.readSweepState();
  const isBusy = state.sends || state.polls || state.checks;
  const isAuditDue =
    Math.floor(state.now / 60_000) % (isBusy ? auditMinutes.busy : auditMinutes.resting) === 0;
  if (Math.abs(state.now - (state.sweptAt ?? 0)) >= heartbeatAfterMs) await recordHeartbeat(services);
  const work = { deadlineMs: run.deadlineMs, patienceMs };
  const resting: LaneReport = { outcomes: {} };
  const lane = async (which: LaneLimits) => {
    const report = await workLane(services, which, work);
    await report.readings;
    return report;
  };
  const lanes = allEnded([
    state.sends ? lane(sendLane) : resting,
    state.polls ? lane(pollLane) : resting,
    state.checks ? workChecks(services, work) : resting,
  ]);
  const [sends, polls, checks] = await beforeTheEnd(services, run, lanes);
  if (isAuditDue && clock.monotonicMs() < run.deadlineMs) await ledger.audit();
  return prefixed({ send: sends.outcomes, poll: polls.outcomes, check: checks.outcomes });
}

/** A full Redis rejects the heartbeat, but polls and sends under way still need this sweep. */
async function recordHeartbeat({ ledger, log }: Services): Promise<void> {
  try {
    await ledger.recordHeartbeat();
  } catch (error) {
    if (!(error instanceof LedgerFull)) throw error;
    log("ledger-full", errorFields(error));
  }
}

/**
 * Throws if the lanes have not ended soon after the deadline. Calls to ImageKit end before it, so only a ledger that is
 * unavailable can take longer; without this, the platform would end the run and no line would be logged. The ledger may
 * still apply the pending request.
 */
async function beforeTheEnd<T>(
  { clock }: Services,
  { deadlineMs }: { readonly deadlineMs: number },
  lanes: Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const leftMs = Math.max(0, deadlineMs - clock.monotonicMs());
  // Two sleeps: a process that wakes after its deadline still has time to settle what it finds at its sockets.
  const late = clock
    .sleep(leftMs, over.signal)
    .then(() => clock.sleep(graceMs, over.signal))
    .then(() => "late" as const);
  const ended = await Promise.race([lanes.then((value) => ({ value })), late]).finally(() => over.abort());
  if (ended === "late") throw new LedgerUnavailable("the run is over, and the ledger has not answered");
  return ended.value;
}

function prefixed(counts: Readonly<Record<string, Readonly<Record<string, number>>>>): SweepReport {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([lane, outcomes]) =>
      Object.entries(outcomes).map(([outcome, count]) => [`${lane}-${outcome}`, count] as const),
    ),
  );
}
