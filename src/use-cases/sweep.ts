import { LedgerUnavailable } from "../ledger/contract.ts";
import type { Services } from "../services.ts";
import { sendOrPoll } from "./send-or-poll.ts";
import { type Lane, pollLane, sendLane } from "./work-leases.ts";

/** How many purges were settled with each outcome; empty when nothing was due. */
export type SweepReport = Readonly<Record<string, number>>;

/** A sweep waits for purges that come due within this time; the next sweep is at most a minute away. */
const patienceMs = 2_000;
/** A sweep still waits this long for the ledger after its deadline. */
const graceMs = 1_000;
/** An idle sweep writes its heartbeat in minutes divisible by this. */
const heartbeatMinutes = 5;
/**
 * The ledger checks itself in minutes divisible by this. A check costs about ten commands; run more often while nothing is
 * open, checks would cost more than the sweeps themselves.
 */
const checkMinutes = { idle: 240, busy: 30 } as const;

/**
 * Runs every minute: acts on whatever is due, until nothing is or the time is over.
 *
 * Sends and polls are two lanes side by side, so that blocked sends never hold up polls. Any number of sweeps may
 * run at once: leases make them share the work. One plain read tells whether nothing is open, a second
 * one whether everything open can only wait.
 */
export async function sweep(services: Services, run: { readonly deadlineMs: number }): Promise<SweepReport> {
  const { ledger, clock } = services;
  const minute = Math.floor(clock.now() / 60_000);
  const isIdle = await ledger.isIdle();
  const isCheckDue = minute % (isIdle ? checkMinutes.idle : checkMinutes.busy) === 0;
  if (isIdle || (await ledger.isResting())) {
    if (isCheckDue) await ledger.check();
    if (minute % heartbeatMinutes === 0) await ledger.recordHeartbeat();
    return {};
  }
  await ledger.recordHeartbeat();
  const lane = (which: Lane) => sendOrPoll(services, which, { deadlineMs: run.deadlineMs, patienceMs });
  const [sends, polls] = await beforeTheEnd(services, run, Promise.all([lane(sendLane), lane(pollLane)]));
  if (isCheckDue && clock.monotonicMs() < run.deadlineMs) await ledger.check();
  return prefixed({ send: sends.outcomes, poll: polls.outcomes });
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
