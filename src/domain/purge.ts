import type { EpochMs } from "./time.ts";

/** The states of a purge, in the order of its life (DESIGN §4). */
export const purgeStates = [
  "held",
  "queued",
  "sending",
  "pending",
  "overdue",
  "unknown",
  "completed",
  "refused",
  "cancelled",
  "abandoned",
] as const;

export type PurgeState = (typeof purgeStates)[number];

/**
 * Every transition there is; the ledger refuses any other. Terminal states lead nowhere.
 *
 * Some of them exist only for an answer that comes after its lease ran out: a send then counts as `unknown`,
 * and what ImageKit turns out to have said is believed: unknown → pending, refused or queued; and, while the
 * resend still waits in the queue, queued → pending, refused or unknown.
 */
export const transitions: Readonly<Record<PurgeState, readonly PurgeState[]>> = {
  held: ["queued", "cancelled"],
  queued: ["sending", "held", "cancelled", "pending", "refused", "unknown"],
  sending: ["pending", "refused", "queued", "unknown", "abandoned"],
  pending: ["completed", "overdue", "abandoned"],
  overdue: ["completed", "abandoned"],
  unknown: ["queued", "pending", "refused", "abandoned"],
  completed: [],
  refused: [],
  cancelled: [],
  abandoned: [],
};

export function isTerminal(state: PurgeState): boolean {
  return transitions[state].length === 0;
}

/** What a purge clears: exactly one URL, or everything that begins with what stands before the final `*`. */
export type TargetKind = "exact" | "wildcard";

export type TimelineEntry = {
  readonly at: EpochMs;
  readonly state: PurgeState;
  /** The actor's name, or `purge-desk` for what the service did by itself. */
  readonly by: string;
  /** Why, in a sentence for people. */
  readonly note: string;
};

/** Why a purge is not where one wanted it, in words for people. */
export type PurgeError = { readonly code: string; readonly message: string };

/** One target being cleared: the record and the act. Absent is `undefined`; times are Redis' clock. */
export type Purge = {
  readonly id: string;
  /** The batch that made it; others may have joined it since. */
  readonly batchId: string;
  /** Its line numbers (from 1) in that batch. */
  readonly lines: readonly number[];
  /** Exactly what is sent to ImageKit; with `ik-s` and `ik-t` masked once the state is terminal. */
  readonly url: string;
  readonly kind: TargetKind;
  readonly state: PurgeState;
  /** ImageKit's id of the accepted purge. */
  readonly imagekitRequestId?: string | undefined;
  /** Units charged or set aside for it now: 0 once released, 2 when it was resent. */
  readonly units: number;
  /** POSTs begun. */
  readonly attempts: number;
  /** Status polls answered. */
  readonly checks: number;
  readonly actor: string;
  readonly reason?: string | undefined;
  readonly createdAt: EpochMs;
  /** When the latest send was leased, so never later than its bytes left. */
  readonly sentAt?: EpochMs | undefined;
  readonly acceptedAt?: EpochMs | undefined;
  readonly completedAt?: EpochMs | undefined;
  /** When it reached its terminal state, whichever. */
  readonly endedAt?: EpochMs | undefined;
  /** When something next happens to it by itself: a send, a poll, a resend. Absent when terminal or held. */
  readonly nextCheckAt?: EpochMs | undefined;
  readonly error?: PurgeError | undefined;
  /** The alarm that it is a reason for. On an abandoned purge: no operator has closed it yet. */
  readonly alarm?: string | undefined;
  /** Oldest first, at most 50: what repeats itself is one entry, which counts and has the time of the latest. */
  readonly timeline: readonly TimelineEntry[];
  /** Every batch that still waits for it, its own first. A cancelled batch leaves this list. */
  readonly batches: readonly { readonly id: string; readonly actor: string }[];
};

/** A target of a new batch. The id is the caller's, so that a reservation sent twice is one reservation. */
export type NewPurge = {
  readonly id: string;
  readonly url: string;
  /** `url` with signature values masked: what stays in the record once the purge is terminal. */
  readonly maskedUrl: string;
  readonly kind: TargetKind;
  /** The lines (from 1) it serves: its own, its duplicates and the ones it covers. */
  readonly lines: readonly number[];
};
