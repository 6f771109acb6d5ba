import type { EdgeCheck } from "./edge-check.ts";
import type { EpochMs } from "./time.ts";

/** The states of a purge, in the order of its life. */
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
 * Every allowed transition; the ledger refuses all others. Terminal states have none.
 *
 * Some exist only for an answer that arrives after its lease expired. By then the send counts as `unknown`, and the late
 * answer is believed: unknown → pending, refused or queued; and, while the resend still waits in the queue, queued →
 * pending, refused or unknown.
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

/** What a purge clears: exactly one URL, or every URL that begins with the text before the final `*`. */
export type TargetKind = "exact" | "wildcard";

export type TimelineEntry = {
  readonly at: EpochMs;
  readonly state: PurgeState;
  /** The actor's name, `purge-desk` for what the service did automatically, or `imagekit` for what ImageKit decided. */
  readonly by: string;
  /** Why, in a sentence for people. */
  readonly note: string;
};

/** Why a purge did not go as intended, in words for people. */
export type PurgeError = { readonly code: string; readonly message: string };

/** The record of clearing one target. Absent is `undefined`; times are by Redis' clock. */
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
  /** The id by which the drop-in endpoint names it; absent if nobody asked for it there. */
  readonly dropInId?: string | undefined;
  /** Units spent or reserved for it now: 0 once released, 2 when it was resent. */
  readonly units: number;
  /** POSTs begun. */
  readonly attempts: number;
  /** Status polls answered. */
  readonly checks: number;
  readonly actor: string;
  readonly reason?: string | undefined;
  readonly createdAt: EpochMs;
  /** It is not sent before this: the caller scheduled it, or it waits for later requests to share it. */
  readonly sendAt?: EpochMs | undefined;
  /** Scheduled with `sendAfter`: only requests for the same instant join it. */
  readonly isScheduled?: true | undefined;
  /** When the latest send was leased, so never later than its bytes left. */
  readonly sentAt?: EpochMs | undefined;
  readonly acceptedAt?: EpochMs | undefined;
  readonly completedAt?: EpochMs | undefined;
  /** When it reached its terminal state. */
  readonly endedAt?: EpochMs | undefined;
  /** When the service next acts on it: a send, a poll, a resend. Absent when terminal or held. */
  readonly nextCheckAt?: EpochMs | undefined;
  readonly error?: PurgeError | undefined;
  /** Absent if it is not checked: it names more than one file, nobody asked for it, or it ended without Completed. */
  readonly edge?: EdgeCheck | undefined;
  /** The alarm that it contributes to. On an abandoned purge, or a completed one that is stale: no operator has closed it yet. */
  readonly alarm?: string | undefined;
  /** Oldest first, at most 50. Repetitions share one entry, which has their number and the latest time. */
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
  /** The lines (from 1) that it serves. */
  readonly lines: readonly number[];
  /** Asks for an edge check; a URL with a signature is not read, and its check is decided from the start. */
  readonly check?:
    | (Pick<EdgeCheck, "url" | "cause"> & { readonly outcome: "waiting" | "unreadable" })
    | undefined;
};
