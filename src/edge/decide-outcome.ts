import type { EdgeCause, EdgeOutcome, EdgeReading } from "../domain/edge-check.ts";
import type { EpochMs } from "../domain/time.ts";
import { isFailure, isRedirect } from "./interpret-answer.ts";

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
 *   another image     fresh from the location of `before`, unless the copy is older than `before`'s: then read again
 *     elsewhere       read again     │ fresh               │ fresh
 *   the same image    stale, if the  │ read again          │ unchanged or
 *   no comparison     same, else     │ read again          │ renewed
 *                     read again     │                     │
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

function decide(evidence: Evidence): Decision {
  const { reading, before, sentAt, completedAt } = evidence;
  const unusable = whyUnusable(reading);
  if (unusable !== undefined) return unusable;
  if (isNotFound(reading)) return notFound(evidence);

  const comparison = compare(reading, before);
  if (comparison === "other" && before !== undefined) {
    return isNewer(reading, before, sentAt)
      ? { outcome: "fresh" }
      : { outcome: "again", cause: "perhaps-older" };
  }
  const { madeAt } = reading;
  if (madeAt === undefined || isSilent(reading, before)) {
    return { outcome: "unreadable", cause: whyAgeUnknown(reading) };
  }
  if (!isAgeFixed(evidence)) {
    if (isMadeAfter(reading, completedAt + skewMs)) {
      return comparison === "same" ? renewedOrUnchanged(before, evidence) : whyNotCompared(before);
    }
    if (madeAt >= sentAt - skewMs) return { outcome: "again", cause: "made-meanwhile" };
    if (isFromInnerCache(reading)) return { outcome: "renewed", cause: "inner-cache" };
  }
  return { outcome: "again", cause: comparison === "same" ? "age-unproven" : "nothing-to-compare" };
}

/** An image may follow a 404 within a minute, so one counts at once only in place of an image. */
function notFound(evidence: Evidence): Decision {
  const { reading, before, previous, completedAt, isLastTry } = evidence;
  if (reading.madeAt === undefined || isSilent(reading, before)) {
    return { outcome: "unreadable", cause: whyAgeUnknown(reading) };
  }
  const isNew = isMadeAfter(reading, completedAt + skewMs) && !isAgeFixed(evidence);
  const isConfirmed = isServed(before?.status) || (previous && isNotFound(previous)) || isLastTry;
  return isNew && isConfirmed ? { outcome: "gone" } : { outcome: "again", cause: "cached-not-found" };
}

/** Whether another image than before is a newer one, not an older one that this or another location has kept. */
function isNewer(reading: EdgeReading, before: EdgeReading, sentAt: EpochMs): boolean {
  const { madeAt, location } = reading;
  if (madeAt !== undefined && before.madeAt !== undefined && madeAt < before.madeAt - skewMs) return false;
  if (location !== undefined && location === before.location) return true;
  return !isSilent(reading, before) && isMadeAfter(reading, sentAt - skewMs);
}

/** Also if the headers came as long after the request as they did: `Age` may have been told at its beginning. */
function isMadeAfter({ at, askedAt = at, madeAt }: EdgeReading, time: EpochMs): boolean {
  return madeAt !== undefined && madeAt - (at - askedAt) > time;
}

/** An `Age` above 0 that does not grow with time is no time: an origin always says the same. */
function isAgeFixed({ reading, before, previous }: Evidence): boolean {
  const { at, ageSeconds = 0 } = reading;
  const isSame = (earlier?: EdgeReading) =>
    earlier?.ageSeconds === ageSeconds && at - earlier.at >= tellingMs;
  return ageSeconds > 0 && (isSame(before) || isSame(previous));
}

/** The CDN had no copy, so the `Age` that came is that of a cache behind it, which a purge does not clear. */
function isFromInnerCache({ cache, ageSeconds = 0 }: EdgeReading): boolean {
  return cache === "miss" && ageSeconds > 0;
}

/** The same image in a new copy: only for a copy from before a stated change does that mean that nothing changed. */
function renewedOrUnchanged(
  before: EdgeReading | undefined,
  { sentAt, changedAt }: Pick<Evidence, "sentAt" | "changedAt">,
): Decision {
  if (changedAt === undefined) return { outcome: "renewed", cause: "same-image" };
  if (changedAt > sentAt + skewMs) return { outcome: "renewed", cause: "changed-after-send" };
  if (before?.madeAt === undefined || isFromInnerCache(before)) {
    return { outcome: "renewed", cause: "age-before-unknown" };
  }
  if (before.madeAt >= changedAt - skewMs) return { outcome: "renewed", cause: "renewed-before" };
  return { outcome: "unchanged" };
}

function whyNotCompared(before: EdgeReading | undefined): Decision {
  if (before?.status === undefined || isFailure(before.status)) {
    return { outcome: "renewed", cause: "no-reading-before" };
  }
  return { outcome: "renewed", cause: isServed(before.status) ? "no-fingerprint" : "nothing-served-before" };
}

/** Why the answer says nothing about the image; undefined if it does. */
function whyUnusable(reading: EdgeReading): Decision | undefined {
  const { status, type, notAsked } = reading;
  if (notAsked) return { outcome: "unreadable", cause: "not-asked" };
  if (status === undefined) return { outcome: "again", cause: "no-answer" };
  if (isFailure(status)) return { outcome: "again", cause: "server-error" };
  if (status === 401 || status === 403) return { outcome: "unreadable", cause: "not-allowed" };
  if (isRedirect(status)) return { outcome: "unreadable", cause: "redirected" };
  if (isNotFound(reading)) return undefined;
  if (!isServed(status)) return { outcome: "unreadable", cause: "unexpected-status" };
  return isImage(type) ? undefined : { outcome: "unreadable", cause: "not-an-image" };
}

function isNotFound({ status }: EdgeReading): boolean {
  return status === 404 || status === 410;
}

function isServed(status: number | undefined): boolean {
  return status === 200 || status === 206;
}

/** Images and videos, the lists of a video's parts (HLS, DASH), and the one kind of document that ImageKit serves pictures of. */
function isImage(type = ""): boolean {
  return /^(?:image|video)\/|^application\/(?:pdf|dash\+xml|(?:vnd\.apple\.|x-)mpegurl)$/.test(type);
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

function whyAgeUnknown({ isAgeUnusable }: EdgeReading): EdgeCause {
  return isAgeUnusable ? "age-unusable" : "age-unknown";
}

/**
 * Whether the copy is one that an earlier reading has seen too, at another time. Then its `Age` is the cache's own: an
 * origin that always says `Age: 3600` has another "made at" each time. A copy from a cache behind the CDN has the `Age` of
 * that one, also once the CDN keeps it.
 */
function isProvenCopy({ reading, before, previous }: Evidence): boolean {
  const earlier = [before, previous].filter((each) => each !== undefined);
  if ([reading, ...earlier].some(isFromInnerCache)) return false;
  return earlier.some(
    ({ at, fingerprint, madeAt }) =>
      fingerprint === reading.fingerprint &&
      madeAt !== undefined &&
      reading.madeAt !== undefined &&
      Math.abs(reading.madeAt - madeAt) <= sameCopyMs &&
      reading.at - at >= tellingMs,
  );
}
