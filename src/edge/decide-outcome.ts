import type { EdgeCause, EdgeOutcome, EdgeReading } from "../domain/edge-check.ts";
import type { EpochMs } from "../domain/time.ts";
import { isFailure } from "./interpret-answer.ts";

/** What is known of a purge when its URL has been read after Completed. All times are by Redis' clock. */
export type Evidence = {
  readonly reading: EdgeReading;
  /** The reading made beside the send. */
  readonly before?: EdgeReading | undefined;
  /** The reading of the try before this one. */
  readonly previous?: EdgeReading | undefined;
  readonly sentAt: EpochMs;
  readonly completedAt: EpochMs;
  /** When a caller said that the content changed; absent if nobody said so. */
  readonly changedAt?: EpochMs | undefined;
  readonly isLastTry: boolean;
};

type Decision =
  | { readonly outcome: "fresh" | "unchanged" | "gone" }
  | { readonly outcome: "renewed" | "unreadable"; readonly cause: EdgeCause }
  /** Read again; at the last try it is `unreadable` for this cause, unless the copy is proven to be stale. */
  | { readonly outcome: "again"; readonly cause: EdgeCause };

/** Times of two clocks are compared with this much tolerance. `Age` is in whole seconds, rounded down. */
const skewMs = 2_000;
/** Two readings of one copy agree this well on when it was made. */
const sameCopyMs = 4_000;
/** An `Age` that never changes moves the time of making by as much as lies between two readings, so this must. */
const tellingMs = 10_000;

/**
 * What a reading after Completed proves. Every claim needs its own proof, and a false `stale` is worse than none:
 *
 *   a copy was made   … sentAt - 2 s │ … completedAt + 2 s │ later
 *                     old            │ made meanwhile      │ new
 *   another image     fresh (old in another location, or older than `before`: read again)
 *   the same image    stale, if the   │ read again         │ unchanged or
 *   no comparison     same, else again│ read again         │ renewed
 */
export function decideOutcome(
  evidence: Evidence,
):
  | { readonly outcome: EdgeOutcome; readonly cause?: EdgeCause; readonly after: EdgeReading }
  | { readonly outcome: "undecided"; readonly after: EdgeReading } {
  const after = evidence.reading;
  const decision = decide(evidence);
  if (decision.outcome !== "again") return { ...decision, after };
  if (!evidence.isLastTry) return { outcome: "undecided", after };
  if (decision.cause === "age-unproven" && isProvenCopy(evidence)) return { outcome: "stale", after };
  return { outcome: "unreadable", cause: decision.cause, after };
}

function decide({ reading, before, sentAt, completedAt, changedAt }: Evidence): Decision {
  const { status, madeAt } = reading;
  const unusable = whyUnusable(reading);
  if (unusable !== undefined) return unusable;

  const isNew = madeAt !== undefined && madeAt > completedAt + skewMs;
  const isOld = madeAt !== undefined && madeAt < sentAt - skewMs;
  if (status === 404 || status === 410) {
    if (madeAt === undefined) return { outcome: "unreadable", cause: whyAgeUnknown(reading) };
    return isNew ? { outcome: "gone" } : { outcome: "again", cause: "cached-not-found" };
  }

  const comparison = compare(reading, before);
  if (comparison === "other" && before !== undefined) {
    const isFromElsewhere = isOld && reading.location !== before.location;
    const isOlder = madeAt !== undefined && before.madeAt !== undefined && madeAt < before.madeAt - skewMs;
    return isFromElsewhere || isOlder
      ? { outcome: "again", cause: "nothing-to-compare" }
      : { outcome: "fresh" };
  }
  if (madeAt === undefined || isSilent(reading, before)) {
    return { outcome: "unreadable", cause: whyAgeUnknown(reading) };
  }
  if (isNew) return comparison === "same" ? renewedOrUnchanged(before, changedAt) : whyNotCompared(before);
  if (!isOld) return { outcome: "again", cause: "made-meanwhile" };
  return { outcome: "again", cause: comparison === "same" ? "age-unproven" : "nothing-to-compare" };
}

/** The same image in a new copy: only for a copy from before a stated change does that mean that nothing changed. */
function renewedOrUnchanged(before: EdgeReading | undefined, changedAt: EpochMs | undefined): Decision {
  if (changedAt === undefined) return { outcome: "renewed", cause: "same-image" };
  if (before?.madeAt === undefined) return { outcome: "renewed", cause: "age-before-unknown" };
  if (before.madeAt >= changedAt - skewMs) return { outcome: "renewed", cause: "renewed-before" };
  return { outcome: "unchanged" };
}

function whyNotCompared(before: EdgeReading | undefined): Decision {
  return { outcome: "renewed", cause: isServed(before?.status) ? "no-fingerprint" : "no-reading-before" };
}

/** Why the answer says nothing about the image; undefined if it does. */
function whyUnusable({ status, type, notAsked }: EdgeReading): Decision | undefined {
  if (notAsked) return { outcome: "unreadable", cause: "not-asked" };
  if (status === undefined) return { outcome: "again", cause: "no-answer" };
  if (isFailure(status)) return { outcome: "again", cause: "server-error" };
  if (status === 401 || status === 403) return { outcome: "unreadable", cause: "not-allowed" };
  if (status >= 300 && status < 400) return { outcome: "unreadable", cause: "redirected" };
  if (status === 404 || status === 410) return undefined;
  if (!isServed(status)) return { outcome: "unreadable", cause: "unexpected-status" };
  return isImage(type) ? undefined : { outcome: "unreadable", cause: "not-an-image" };
}

function isServed(status: number | undefined): boolean {
  return status === 200 || status === 206;
}

/** Images and videos, and the one kind of document that ImageKit serves pictures of. */
function isImage(type: string | undefined): boolean {
  return type !== undefined && (/^(?:image|video)\//.test(type) || type === "application/pdf");
}

/**
 * Whether two readings show the same image. Two kinds of fingerprint cannot be compared, nor can those of two formats:
 * while a CDN still makes the AVIF of an image, it serves a WebP of the same one.
 */
function compare(reading: EdgeReading, before: EdgeReading | undefined): "same" | "other" | "unknown" {
  const { fingerprint, type } = reading;
  if (fingerprint === undefined || before?.fingerprint === undefined || !isServed(before.status)) {
    return "unknown";
  }
  const kindOf = (text: string) => text.slice(0, text.indexOf(" "));
  if (kindOf(fingerprint) !== kindOf(before.fingerprint) || type !== before.type) return "unknown";
  return fingerprint === before.fingerprint ? "same" : "other";
}

/** A server that never says how old a copy is nor whether it is one: a missing `Age` then does not mean a new copy. */
function isSilent(reading: EdgeReading, before: EdgeReading | undefined): boolean {
  const says = (one: EdgeReading | undefined) => one?.ageSeconds !== undefined || one?.cache !== undefined;
  return !says(reading) && !says(before);
}

function whyAgeUnknown({ ageSeconds, cache, madeAt }: EdgeReading): EdgeCause {
  const isWithoutAge = ageSeconds === undefined && (cache === "hit" || madeAt !== undefined);
  return isWithoutAge ? "age-unknown" : "age-unusable";
}

/**
 * Whether the copy is one that an earlier reading has seen too, at another time. Then its `Age` is the cache's own: an
 * origin that always says `Age: 3600` has another "made at" each time.
 */
function isProvenCopy({ reading, before, previous }: Evidence): boolean {
  return [before, previous].some(
    (earlier) =>
      earlier?.fingerprint === reading.fingerprint &&
      earlier?.madeAt !== undefined &&
      reading.madeAt !== undefined &&
      Math.abs(reading.madeAt - earlier.madeAt) <= sameCopyMs &&
      reading.at - earlier.at >= tellingMs,
  );
}
