import type { EpochMs } from "./time.ts";

/** What reading a purged file's URL at the CDN, before the purge and after Completed, showed. */
export const edgeOutcomes = ["fresh", "unchanged", "renewed", "stale", "gone", "unreadable"] as const;

export type EdgeOutcome = (typeof edgeOutcomes)[number];

/** Why an outcome is what it is, where it has several causes; `edge-words.ts` has a sentence for each. */
export const edgeCauses = [
  // renewed
  "no-reading-before",
  "no-fingerprint",
  "same-image",
  "renewed-before",
  // unreadable
  "signed",
  "not-asked",
  "no-answer",
  "server-error",
  "not-allowed",
  "redirected",
  "unexpected-status",
  "not-an-image",
  "age-unknown",
  "age-unusable",
  "age-unproven",
  "made-meanwhile",
  "cached-not-found",
  "nothing-to-compare",
  "undecided",
] as const;

export type EdgeCause = (typeof edgeCauses)[number];

/** What one location of the CDN answered about a URL: its headers only. Times are by Redis' clock. */
export type EdgeReading = {
  readonly at: EpochMs;
  /** Absent if no answer came. */
  readonly status?: number | undefined;
  /** The content type, such as `image/webp`. Fingerprints of two types are never compared. */
  readonly type?: string | undefined;
  /** Names the content: `etag` and its value, else `last-modified` with the length. */
  readonly fingerprint?: string | undefined;
  /** The header `Age`; absent if there was none, or no whole number of seconds. */
  readonly ageSeconds?: number | undefined;
  /** When the copy was made; absent if that cannot be known. */
  readonly madeAt?: EpochMs | undefined;
  /** Whether the CDN said that it served a copy that it had. */
  readonly cache?: "hit" | "miss" | undefined;
  /** The CDN's name of the location that answered. */
  readonly location?: string | undefined;
  /** Why it cannot be used, in words for people. */
  readonly problem?: string | undefined;
  /** Purge Desk did not ask: the host is not configured any more, or has a private address. `problem` says which. */
  readonly notAsked?: true | undefined;
};

/** The edge check of a purge that names one file. `before` and `after` are absent until they were read. */
export type EdgeCheck = {
  readonly outcome: EdgeOutcome | "waiting";
  /** The URL that is read: the purge's, a wildcard's without the `*`. */
  readonly url: string;
  /** Why the outcome is what it is, where one outcome has several causes: one of `edgeCauses`, or a newer version's. */
  readonly cause?: string | undefined;
  /** Readings made after Completed. */
  readonly tries: number;
  readonly checkedAt?: EpochMs | undefined;
  /** When it is read next; absent until the purge is completed, and once it is decided. */
  readonly nextAt?: EpochMs | undefined;
  readonly before?: EdgeReading | undefined;
  readonly after?: EdgeReading | undefined;
};
