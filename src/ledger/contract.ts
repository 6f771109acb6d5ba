import type { PollOutcome, SendOutcome } from "../imagekit/outcome.ts";
import type { Purge, PurgeState, TargetKind } from "../purge.ts";
import type { Violation, Warning } from "../rules/verdict.ts";
import type { EpochMs } from "../time.ts";
import type { Principal } from "./principal.ts";

/** What is left of the month. `available` is quota - margin - spent - external - reserved; may be negative. */
export type Budget = {
  /** `YYYY-MM`, the month in which the period in force began. */
  readonly month: string;
  readonly quota: number;
  /** Units never spent (PURGE_SAFETY_MARGIN). */
  readonly margin: number;
  readonly spent: number;
  readonly reserved: number;
  readonly external: number;
  readonly available: number;
  /** Purges that wait for budget. */
  readonly held: number;
  readonly resetsAt: EpochMs;
};

/** A line of a batch, as stored. `input` is kept (masked) only for rejected lines. */
export type BatchLine =
  | {
      readonly line: number;
      readonly verdict: "accepted" | "joined";
      readonly purgeId: string;
      readonly warnings: readonly Warning[];
      /** This batch no longer waits for the purge: it was cancelled here. */
      readonly cancelled?: true | undefined;
    }
  | {
      readonly line: number;
      readonly verdict: "duplicate";
      readonly of: number;
      readonly purgeId: string;
      readonly cancelled?: true | undefined;
    }
  | {
      readonly line: number;
      readonly verdict: "covered";
      readonly by: number;
      readonly purgeId: string;
      readonly cancelled?: true | undefined;
    }
  | {
      readonly line: number;
      readonly verdict: "rejected";
      readonly input: string;
      readonly violations: readonly Violation[];
    };

export type Batch = {
  readonly id: string;
  readonly createdAt: EpochMs;
  readonly actor: string;
  readonly reason?: string | undefined;
  /** No purge of it is open any more (or none this batch still waits for). */
  readonly done: boolean;
  /** What this batch itself cost when it was accepted; joined lines cost nothing. */
  readonly units: number;
  readonly lines: readonly BatchLine[];
  /** Every purge that serves a line, in the order of the lines. */
  readonly purges: readonly Purge[];
  readonly budget: Budget;
};

/** The right to act on one purge until `leaseMs` after the call that gave it was begun. */
export type SendLease = {
  readonly endpoint: "send";
  readonly purgeId: string;
  readonly url: string;
  readonly token: string;
};
export type PollLease = {
  readonly endpoint: "poll";
  readonly purgeId: string;
  readonly imagekitRequestId: string;
  readonly token: string;
};
export type Lease = SendLease | PollLease;

/** What a lease led to. `unsent`: leased, but no byte left (no time was left for it); handed back. */
export type Settlement =
  | {
      readonly endpoint: "send";
      readonly purgeId: string;
      readonly token: string;
      readonly result: SendOutcome | { readonly outcome: "unsent" };
    }
  | {
      readonly endpoint: "poll";
      readonly purgeId: string;
      readonly imagekitRequestId: string;
      readonly token: string;
      readonly result: PollOutcome | { readonly outcome: "unsent" };
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

export type Reservation = {
  readonly batchId: string;
  readonly actor: string;
  readonly reason?: string | undefined;
  /** When the content changed; absent: now, by Redis' clock. */
  readonly changedAt?: EpochMs | undefined;
  readonly onExhausted: "reject" | "hold";
  /** SHA-256 (hex) of actor + key, and of the body as sent. */
  readonly idempotency?: { readonly keyHash: string; readonly bodyHash: string } | undefined;
  /** All lines; `purgeId` of an accepted, duplicate or covered line is that of its target in `purges`. */
  readonly lines: readonly BatchLine[];
  readonly purges: readonly NewPurge[];
  /** Lease the first wave at once: at most `limit` of the new purges, under this token. */
  readonly lease: LeaseRequest;
};

export type LeaseRequest = {
  /** Made by the caller, fresh for every wave, the same when a call is sent again. */
  readonly token: string;
  readonly limit: number;
};

/** Leases, and what to expect when fewer came than were asked for. */
export type LeaseReply = {
  readonly leases: readonly Lease[];
  /** Milliseconds until asking again can give something; absent: nothing asked for is left to lease. */
  readonly retryInMs?: number | undefined;
};

export type ReserveReply =
  | ({ readonly outcome: "reserved"; readonly batch: Batch } & LeaseReply)
  /** The same key and body before: that batch, as it is now. */
  | { readonly outcome: "replayed"; readonly batch: Batch }
  | { readonly outcome: "key-reused" }
  /** Nothing was written. `units` is what the batch would have cost. */
  | { readonly outcome: "exhausted"; readonly units: number; readonly budget: Budget };

/** Settles what is back and leases more, in one script. */
export type Advance = {
  readonly settlements: readonly Settlement[];
  readonly lease?:
    | (LeaseRequest & {
        readonly endpoint: "send" | "poll";
        /** Only these, in this order; absent: whatever is due, longest due first. */
        readonly purgeIds?: readonly string[] | undefined;
      })
    | undefined;
  /** Answer with this batch as it is afterwards, in the same round trip. */
  readonly batchId?: string | undefined;
};

export type AdvanceReply = LeaseReply & { readonly batch?: Batch | undefined };

export type PlanTargets = {
  readonly urls: readonly string[];
  readonly changedAt?: EpochMs | undefined;
};

export type PlanReply = {
  readonly budget: Budget;
  /** URL → id of the open (or completed since `changedAt`) purge that it would join. */
  readonly joins: ReadonlyMap<string, string>;
};

export type PurgeQuery = {
  readonly state?: PurgeState | undefined;
  /** Part of the (masked) URL, case-insensitive. */
  readonly text?: string | undefined;
  readonly actor?: string | undefined;
  readonly batchId?: string | undefined;
  /** Created at or after. */
  readonly from?: EpochMs | undefined;
  /** Created before. */
  readonly to?: EpochMs | undefined;
  readonly limit: number;
  readonly cursor?: Cursor | undefined;
};

/** Continue after this purge, newest first. */
export type Cursor = { readonly createdAt: EpochMs; readonly id: string };

export type PurgePage = { readonly purges: readonly Purge[]; readonly next?: Cursor | undefined };

/** What an operator did to one purge. `forbidden-state`: its state does not allow it; nothing changed. */
export type OperatorReply =
  | { readonly outcome: "done"; readonly purge: Purge }
  | { readonly outcome: "forbidden-state"; readonly purge: Purge }
  | { readonly outcome: "not-found" }
  /** Cancel only: none of the purge's batches is the caller's. */
  | { readonly outcome: "not-yours"; readonly purge: Purge }
  /** Resend only: no unit is free for it. */
  | { readonly outcome: "exhausted"; readonly budget: Budget };

/** Something an operator must know; `since` is when it began. Lasts until what caused it is over. */
export type Alarm = { readonly code: string; readonly since: EpochMs; readonly message: string };

/** The state of one ImageKit endpoint as all instances share it. */
export type Pace = {
  /** No call before this (429). */
  readonly notBefore?: EpochMs | undefined;
  readonly throttledSince?: EpochMs | undefined;
  /** The breaker: the 401 or 403 that opened it, and when the next probe is due. */
  readonly blockedBy?: number | undefined;
  readonly blockedSince?: EpochMs | undefined;
  readonly probeAt?: EpochMs | undefined;
};

export type LedgerHealth = {
  readonly now: EpochMs;
  readonly budget: Budget;
  /** When this ledger began to be; a later time than expected means that the database was lost. */
  readonly createdAt?: EpochMs | undefined;
  /** Whether external spending was stated for the month in force. */
  readonly externalStated: boolean;
  /** The ledger began within the month in force, so what was spent before it is not known. */
  readonly firstMonth: boolean;
  /** Open purges by state. */
  readonly open: Readonly<Partial<Record<PurgeState, number>>>;
  /** When the latest sweep wrote its heartbeat. */
  readonly sweptAt?: EpochMs | undefined;
  readonly send: Pace;
  readonly poll: Pace;
  readonly alarms: readonly Alarm[];
};

export type Correction = {
  readonly external: number;
  readonly reason?: string | undefined;
  readonly actor: string;
};

/**
 * The only door to the ledger's scripts. Every method is one round trip and may be rerun: sent twice it changes
 * nothing more. All throw `LedgerUnavailable` when Redis cannot be reached for 2 s.
 */
export type Ledger = {
  /** What joining and budget would say to these URLs. Changes nothing. */
  readonly plan: (targets: PlanTargets) => Promise<PlanReply>;
  readonly reserve: (reservation: Reservation) => Promise<ReserveReply>;
  readonly advance: (advance: Advance) => Promise<AdvanceReply>;
  readonly readPurge: (id: string) => Promise<Purge | undefined>;
  readonly readBatch: (id: string) => Promise<Batch | undefined>;
  readonly listPurges: (query: PurgeQuery) => Promise<PurgePage>;
  readonly readBudget: () => Promise<Budget>;
  /** Detaches the actor's batches (`everyBatch`: all of them); cancels when none is left. */
  readonly cancel: (
    id: string,
    by: { readonly actor: string; readonly scope: "own-batches" | "every-batch" },
  ) => Promise<OperatorReply>;
  readonly resend: (id: string, actor: string) => Promise<OperatorReply>;
  readonly close: (id: string, actor: string) => Promise<OperatorReply>;
  readonly correct: (correction: Correction) => Promise<Budget>;
  readonly health: () => Promise<LedgerHealth>;
  /** One plain read: is nothing open at all, so that a sweep can go home? */
  readonly isIdle: () => Promise<boolean>;
  readonly recordHeartbeat: () => Promise<void>;
  /**
   * The same ledger for one request or sweep. The caller is charged once, whatever the request goes on to ask; a call
   * that is over its rate throws `CallerRateLimited` and has done nothing. `advance` is never charged.
   */
  readonly onBehalfOf: (principal: Principal) => Ledger;
};

/** Redis could not be reached, or did not answer, for as long as a call may be rerun. */
export class LedgerUnavailable extends Error {
  override readonly name = "LedgerUnavailable";
}
