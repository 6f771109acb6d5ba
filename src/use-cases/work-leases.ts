import type { Batch } from "../domain/batch.ts";
import type { EdgeReading } from "../domain/edge-check.ts";
import type { Clock } from "../domain/time.ts";
import type { Ledger } from "../ledger/contract.ts";
import { LedgerUnavailable } from "../ledger/contract.ts";
import type { Advance, AdvanceReply, Lease, LeaseReply, Settlement } from "../ledger/leases.ts";
import type { Log } from "../log.ts";
import type { LaneLimits } from "./lanes.ts";
import { lateReadings } from "./late-readings.ts";

/** What a call led to; for a send also what the edge served beside it, which may come later and never rejects. */
export type Acted = {
  readonly settlement: Settlement;
  readonly before?: Promise<EdgeReading | undefined> | undefined;
};

export type LaneWork = {
  readonly ledger: Pick<Ledger, "advance">;
  readonly clock: Clock;
  readonly log: Log;
  readonly makeToken: () => string;
  /** Makes the call that a lease allows, which arrived at `arrivedAtMs` (monotonic), and returns its outcome. Never throws. */
  readonly act: (lease: Lease, arrivedAtMs: number) => Promise<Acted>;
  /** The end of the run, on the monotonic clock. */
  readonly deadlineMs: number;
  /** Waits for leases that become available within this time; later ones are left to the next sweep. */
  readonly patienceMs: number;
  /** What is already leased, and when that lease was requested (monotonic). */
  readonly first?: (LeaseReply & { readonly askedAtMs: number }) | undefined;
  /** Leases only these, in this order; if absent, whatever is due. */
  readonly purgeIds?: readonly string[] | undefined;
  /** Returns this batch with the last settlement. */
  readonly batchId?: string | undefined;
};

export type LaneReport = {
  /** How many leases were settled with each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The requested batch as it was after the last settlement. */
  readonly batch?: Batch | undefined;
  /** Ends when what the edge served beside the sends is written too; absent if it is already. Never rejects. */
  readonly readings?: Promise<void> | undefined;
};

/** After these outcomes no further call of the wave begins: the ledger decides whether and when to go on. */
const callsForAPause: ReadonlySet<Settlement["result"]["outcome"]> = new Set([
  "throttled",
  "unauthorized",
  "unknown",
]);

/** A result is written at most this long after it arrived, however long the other calls take. */
const settleWithinMs = 1_000;

/**
 * Acts on leases until no more are available. Settles results as they return, and leases more once half a wave is free:
 *
 *   leased ──► waiting ──► calling ──► back ──advance──► settled, and more leased
 *                 └── no time left, or ImageKit wants a pause ──► back, unsent
 *
 * While the ledger is unavailable nothing new begins, and the same settlement is retried until the run is over: without it,
 * an accepted purge would count as unknown. Nor does anything new begin after another error of the ledger; the run ends
 * with it, once what is under way has returned and its results are written as far as possible.
 *
 * A settlement waits for no reading of the edge. What comes after it is written by a call of its own: beside the next one of
 * this run, or after it (`readings`).
 */
export async function workLeases(lane: LaneLimits, work: LaneWork): Promise<LaneReport> {
  const { clock } = work;
  const waiting: { readonly lease: Lease; readonly askedAtMs: number; readonly arrivedAtMs: number }[] = [];
  const calling = new Set<Promise<void>>();
  const back: { settlement: Settlement; before: Acted["before"] }[] = [];
  const late = lateReadings(work);
  const outcomes: Record<string, number> = {};
  let candidates = work.purgeIds ? [...work.purgeIds] : undefined;
  let batch: Batch | undefined;
  let firstBackMs = 0;
  let askAgainAtMs = Number.POSITIVE_INFINITY;
  let advancing: Promise<void> | undefined;
  let ledgerIsAway = false;
  let failure: { readonly error: unknown } | undefined;

  const take = (reply: LeaseReply, askedAtMs: number) => {
    const arrivedAtMs = clock.monotonicMs();
    for (const lease of reply.leases) waiting.push({ lease, askedAtMs, arrivedAtMs });
    // The reply says nothing about candidates beyond its limit: they can be requested at once.
    const retryInMs = reply.retryInMs ?? (candidates ? 0 : Number.POSITIVE_INFINITY);
    askAgainAtMs = retryInMs <= work.patienceMs ? arrivedAtMs + retryInMs : Number.POSITIVE_INFINITY;
  };

  const hasTime = (nowMs: number) => nowMs <= work.deadlineMs - lane.callMs;

  const begin = () => {
    const mayBegin = !ledgerIsAway && failure === undefined;
    while (waiting.length > 0 && (calling.size < lane.concurrency || !mayBegin)) {
      const next = waiting.shift();
      if (!next) return;
      const nowMs = clock.monotonicMs();
      const untilMs = next.askedAtMs + lane.leaseMs - lane.callMs;
      if (!mayBegin || !hasTime(nowMs) || nowMs > untilMs) {
        keep({ settlement: unsent(next.lease) });
        continue;
      }
      const call = work.act(next.lease, next.arrivedAtMs).then((acted) => {
        keep(acted);
        calling.delete(call);
        if (callsForAPause.has(acted.settlement.result.outcome)) handBack();
      });
      calling.add(call);
    }
  };

  const keep = ({ settlement, before }: Acted) => {
    if (back.length === 0) firstBackMs = clock.monotonicMs();
    const one: (typeof back)[number] = { settlement, before };
    before?.then((reading) => {
      one.settlement = withReading(settlement, reading);
      one.before = undefined;
    });
    back.push(one);
    outcomes[settlement.result.outcome] = (outcomes[settlement.result.outcome] ?? 0) + 1;
  };

  /** Returns the leases whose calls have not begun; the ledger then decides when to lease them again. */
  const handBack = () => {
    const left = waiting.splice(0);
    for (const { lease } of left) keep({ settlement: unsent(lease) });
    candidates = candidates && [...left.map(({ lease }) => lease.purgeId), ...candidates];
  };

  /** Takes what is back. A reading that is missing still is written later. */
  const takeBack = () =>
    back.splice(0).map(({ settlement, before }) => {
      if (before) late.expect(settlement, before);
      return settlement;
    });

  /** There may be more to lease, now or soon enough for a call to begin. */
  const expectsMore = (nowMs: number) =>
    failure === undefined &&
    hasTime(Math.max(askAgainAtMs, nowMs)) &&
    (candidates === undefined || candidates.length > 0);

  const wantsLease = (nowMs: number) =>
    expectsMore(nowMs) && nowMs >= askAgainAtMs && lane.wave - waiting.length - calling.size >= lane.wave / 2;

  const advance = async (request: Advance) => {
    const askedAtMs = clock.monotonicMs();
    if (request.lease) askAgainAtMs = Number.POSITIVE_INFINITY;
    const reply = await persist(request);
    if (!reply) return;
    batch = reply.batch ?? batch;
    if (!request.lease) return;
    const leased = new Set(reply.leases.map((lease) => lease.purgeId));
    // Requested but not leased, now or later: another run has them, or they need nothing more.
    const gone = reply.leases.length === 0 && reply.retryInMs === undefined ? request.lease.purgeIds : [];
    candidates = candidates?.filter((id) => !leased.has(id) && !gone?.includes(id));
    take(reply, askedAtMs);
  };

  /** Retries the request until it is answered or the run is over: applying it twice changes nothing more. */
  const persist = async (request: Advance): Promise<AdvanceReply | undefined> => {
    for (;;) {
      try {
        const reply = await work.ledger.advance(request);
        ledgerIsAway = false;
        return reply;
      } catch (error) {
        if (!(error instanceof LedgerUnavailable)) throw error;
        ledgerIsAway = true;
        if (clock.monotonicMs() >= work.deadlineMs) throw error;
        await clock.sleep(500);
      }
    }
  };

  if (work.first) take(work.first, work.first.askedAtMs);
  else askAgainAtMs = clock.monotonicMs();

  for (;;) {
    begin();
    const nowMs = clock.monotonicMs();
    if (failure && nowMs >= work.deadlineMs) break;
    const idle = calling.size === 0 && waiting.length === 0;
    const settleNow = back.length > 0 && (idle || nowMs >= firstBackMs + settleWithinMs);
    // The last settlement of a sweep asks for more in any case: where there is none, its lane rests at once.
    const isLast = idle && settleNow && candidates === undefined && !failure && hasTime(nowMs);
    const leaseMore = isLast || wantsLease(nowMs);
    if (!advancing && (leaseMore || settleNow)) {
      late.write();
      const settlements = takeBack();
      advancing = advance({
        settlements,
        lease: leaseMore
          ? {
              lane: lane.lane,
              token: work.makeToken(),
              limit: lane.wave - waiting.length - calling.size,
              purgeIds: candidates?.slice(0, lane.wave),
            }
          : undefined,
        // Nothing is in flight: if this is the last request, its reply has the batch in its final state.
        batchId: idle ? work.batchId : undefined,
      })
        .catch((error: unknown) => {
          // Once more, with what is still under way: applying them twice changes nothing more.
          if (failure === undefined)
            back.unshift(...settlements.map((settlement) => ({ settlement, before: undefined })));
          failure ??= { error };
        })
        .finally(() => {
          advancing = undefined;
        });
    }
    if (!advancing && idle && back.length === 0 && !expectsMore(nowMs)) break;
    await nextEvent(nowMs);
  }
  if (failure) throw failure.error;
  return { outcomes, batch, readings: late.rest() };

  /** Waits until a call or the ledger answers, or it is time to lease or to settle. */
  async function nextEvent(nowMs: number) {
    const settleMs = back.length > 0 ? firstBackMs + settleWithinMs : Number.POSITIVE_INFINITY;
    const atMs = Math.min(...[askAgainAtMs, settleMs].filter((timeMs) => timeMs > nowMs));
    const over = new AbortController();
    const events: Promise<unknown>[] = [...calling];
    if (advancing) events.push(advancing);
    if (atMs < Number.POSITIVE_INFINITY) events.push(clock.sleep(atMs - nowMs, over.signal));
    await Promise.race(events);
    over.abort();
  }
}

function withReading(settlement: Settlement, before: EdgeReading | undefined): Settlement {
  return settlement.lane === "send" && before ? { ...settlement, before } : settlement;
}

function unsent(lease: Lease): Settlement {
  const result = { outcome: "unsent" } as const;
  if (lease.lane === "poll") return { ...lease, result };
  const { lane, purgeId, token } = lease;
  return { lane, purgeId, token, result };
}
