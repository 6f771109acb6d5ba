import { type EpochMs, toIsoTime } from "../../domain/time.ts";
import { timings } from "../../ledger/timings.ts";
import { farthestSendMs } from "../../rules/limits.ts";
import type { RequestFault } from "../answers/problem.ts";

/** The times of a request as it states them. */
export type StatedTimes = {
  readonly changedAt?: string | undefined;
  readonly sendAfter?: string | undefined;
  readonly settleSeconds?: number | undefined;
};

export type RequestTimes = {
  readonly changedAt: EpochMs | undefined;
  readonly sendAfter: EpochMs | undefined;
  readonly settleMs: number | undefined;
};

/**
 * Reads the times of a request, and names each that contradicts the clock or another one. Whether `sendAfter` has passed is
 * not checked: a submission that is repeated after its send must still be answered with its batch.
 */
export function readTimes(
  stated: StatedTimes,
  now: EpochMs,
): { readonly times: RequestTimes } | { readonly faults: readonly RequestFault[] } {
  const { settleSeconds = 0 } = stated;
  const changedAt = stated.changedAt === undefined ? undefined : readChangedAt(stated.changedAt);
  const sendAfter = stated.sendAfter === undefined ? undefined : Date.parse(stated.sendAfter);
  const faults: RequestFault[] = [];
  const refuse = (at: string, message: string) => faults.push({ in: "body", at, message });

  if (changedAt !== undefined && changedAt > now + timings.clockLeadMs)
    refuse("/changedAt", "is in the future; purge once the content has changed");
  else if (changedAt !== undefined && sendAfter !== undefined && changedAt > sendAfter)
    refuse("/changedAt", "is after sendAfter; the purge would be sent before the content changes");
  if (sendAfter !== undefined && sendAfter > now + farthestSendMs)
    refuse("/sendAfter", `is more than 31 days ahead; the latest is ${toIsoTime(now + farthestSendMs)}`);
  if (sendAfter !== undefined && stated.settleSeconds !== undefined)
    refuse("/settleSeconds", "cannot be given together with sendAfter; omit one of them");
  if (faults.length > 0) return { faults };
  return {
    times: { changedAt, sendAfter, settleMs: settleSeconds === 0 ? undefined : settleSeconds * 1_000 },
  };
}

/** Why a send time that has passed is refused. */
export function sendAfterPassed(now: EpochMs): RequestFault {
  return {
    in: "body",
    at: "/sendAfter",
    message: `is in the past (it is ${toIsoTime(now)}); omit it to send at once`,
  };
}

/**
 * The `changedAt` that a request states, in RFC 3339. Fewer than three decimals do not name a millisecond: they are dropped,
 * and the ledger takes a time without milliseconds for its whole second. Digits beyond milliseconds are dropped too.
 */
export function readChangedAt(text: string): EpochMs {
  const at = Date.parse(text);
  return /\.\d{3}/.test(text) ? at : Math.floor(at / 1_000) * 1_000;
}
