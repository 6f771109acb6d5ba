import type { EpochMs } from "./time.ts";

/** What reading a purged file's URL at the CDN, before the purge and after Completed, showed. */
export const edgeOutcomes = ["fresh", "unchanged", "renewed", "stale", "gone", "unreadable"] as const;

export type EdgeOutcome = (typeof edgeOutcomes)[number];

/** Why an outcome is what it is, where it has several causes. `edge-words.ts` has a sentence for each. */
export const edgeCauses = [
  // Of `renewed`:
  /** What was served before the purge is not known. */
  "no-reading-before",
  /** Before the purge the CDN answered, but served nothing under this URL: 404 for example. */
  "nothing-served-before",
  /** A fingerprint is missing, or one of another format or kind. */
  "no-fingerprint",
  /** The same image as before, and nobody said that it had changed. */
  "same-image",
  /** The same image as before, where the copy before the purge was already made after the change. */
  "renewed-before",
  /** The same image as before, where the age of the copy before the purge is not known. */
  "age-before-unknown",
  /** The same image as before, which is said to have changed only after the purge was sent. */
  "changed-after-send",
  /** The CDN made a new copy, whose `Age` is from before the send: that of a cache behind it, or the origin's own. */
  "inner-cache",

  // Of `unreadable`:
  /** The URL has a signature, which makes it a credential: it is not read. */
  "signed",
  /** Its host is no configured endpoint's any more, or has a private address. */
  "not-asked",
  /** A time-out, a reset, a refused connection, or no address. */
  "no-answer",
  /** 5xx, 408 or 429. */
  "server-error",
  /** 401 or 403. */
  "not-allowed",
  "redirected",
  /** Any other status that says nothing about the image. */
  "unexpected-status",
  /** HTML for example. */
  "not-an-image",
  /** Nothing says how old the copy is: a hit without `Age`, or a server that says neither. */
  "age-unknown",
  /** An `Age` that is negative, impossibly large or no number. */
  "age-unusable",
  /** The copy looks old, but its `Age` may be the origin's own, or another location answered at each try. */
  "age-unproven",
  /** The same image as before, in a copy made between the send and Completed. */
  "made-meanwhile",
  /** A copy of "not found" from before Completed. */
  "cached-not-found",
  /** An old copy, and no reading from before the purge that it can be compared with. */
  "nothing-to-compare",
  /** Another image than before, of which nothing shows that it is newer: another location may have kept it. */
  "perhaps-older",
  "undecided",
] as const;

export type EdgeCause = (typeof edgeCauses)[number];

/** What one location of the CDN answered about a URL: its headers only. Times are by Redis' clock. */
export type EdgeReading = {
  /** When the headers came. */
  readonly at: EpochMs;
  /** When they were asked for. Absent from what the ledger gives back. */
  readonly askedAt?: EpochMs | undefined;
  /** Absent if no answer came. */
  readonly status?: number | undefined;
  /** Names the content, after a word for its kind: `etag …`, else `last-modified …` with the length. */
  readonly fingerprint?: string | undefined;
  /** Such as `image/webp`. The same image in another format has another fingerprint. */
  readonly type?: string | undefined;
  /** The header `Age`, as sent; absent if there was none, or no whole number of seconds. */
  readonly ageSeconds?: number | undefined;
  /** There is an `Age`, but it is no time: negative, too large, or no whole number. */
  readonly isAgeUnusable?: true | undefined;
  /** When the copy was made, at the latest: `Age` before `at`. Absent if that cannot be known. */
  readonly madeAt?: EpochMs | undefined;
  /** Whether a cache said that it served a copy that it had. */
  readonly cache?: "hit" | "miss" | undefined;
  /** The CDN's name of the location that answered. */
  readonly location?: string | undefined;
  /** Why it cannot be used, in words for people. */
  readonly problem?: string | undefined;
  /** The URL was not asked for; `problem` says why. */
  readonly notAsked?: true | undefined;
};

/** The edge check of a purge that names one file. `before` and `after` are absent until they were read. */
export type EdgeCheck = {
  readonly outcome: EdgeOutcome | "waiting";
  /** The URL that is read: the purge's, a wildcard's without the `*`. */
  readonly url: string;
  /** Why the outcome is what it is, where one outcome has several causes; an `EdgeCause`, or one of a newer version. */
  readonly cause?: string | undefined;
  /** Readings made after Completed. */
  readonly tries: number;
  readonly checkedAt?: EpochMs | undefined;
  /** When it is read next; absent until the purge is completed, and once it is decided. */
  readonly nextAt?: EpochMs | undefined;
  readonly before?: EdgeReading | undefined;
  readonly after?: EdgeReading | undefined;
};
