import type { Batch, Budget } from "../domain/batch.ts";
import type { EdgeOutcome } from "../domain/edge-check.ts";
import type { ProfileChange, Profiles } from "../domain/profile.ts";
import type { Purge, PurgeState } from "../domain/purge.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Advance, AdvanceReply } from "./leases.ts";
import type { Principal } from "./principal.ts";
import type { ChangeProfile, ChangeProfileReply, PrepareReply } from "./profile-change.ts";
import type { Reservation, ReserveReply } from "./reservation.ts";

export type PlanTargets = {
  readonly urls: readonly string[];
  readonly changedAt?: EpochMs | undefined;
  /** `sendAfter`: only a purge scheduled for the same instant is joined. */
  readonly sendAfter?: EpochMs | undefined;
  /** Whose repetitions count. */
  readonly actor: string;
};

export type PlanReply = {
  readonly budget: Budget;
  /** URL → id of the open (or completed since `changedAt`) purge that it would join. */
  readonly joins: ReadonlyMap<string, string>;
  /** URL → since when the actor repeats it, for those that a submission would refuse as `repeating`. */
  readonly repeating: ReadonlyMap<string, EpochMs>;
};

export type PurgeQuery = {
  /** `open`: any state that is not terminal. `scheduled`: queued or held, and not to be sent before a time still ahead. */
  readonly state?: PurgeState | "open" | "scheduled" | undefined;
  /**
   * Part of the (masked) URL, as a person writes it or percent-encoded, of the reason, or of an id: the purge's, its
   * batch's, ImageKit's, the drop-in endpoint's. Ignores the case of ASCII letters.
   */
  readonly text?: string | undefined;
  readonly actor?: string | undefined;
  readonly batchId?: string | undefined;
  /** `unproven`: completed and checked, and the outcome is neither `fresh` nor `gone`. */
  readonly edge?: EdgeOutcome | "waiting" | "unproven" | undefined;
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

/** What a cancel, a resend or a close led to. `forbidden-state`: its state does not allow it; nothing changed. */
export type OperatorReply =
  | { readonly outcome: "done"; readonly purge: Purge }
  | { readonly outcome: "forbidden-state"; readonly purge: Purge }
  | { readonly outcome: "not-found" }
  /** Cancel only: none of the purge's batches belongs to the caller. */
  | { readonly outcome: "not-yours"; readonly purge: Purge }
  /** Resend only: no unit is free for it. */
  | { readonly outcome: "exhausted"; readonly budget: Budget };

export type CancelBy = {
  readonly actor: string;
  readonly scope: "own-batches" | "every-batch";
  readonly batchId?: string | undefined;
};

/**
 * Per endpoint: whether its next probe was made due. `under-way`: a send is, and its answer decides. `not-blocked`: ImageKit
 * accepts the key, as far as is known.
 */
export type Tried = Readonly<Record<"send" | "poll", "due" | "under-way" | "not-blocked">>;

/** Something an operator must know. `since` is when it began. It lasts until its cause is over. */
export type Alarm = { readonly code: string; readonly since: EpochMs; readonly message: string };

/** The state of one ImageKit endpoint as all instances share it. */
export type Pace = {
  /** No call goes out before this, because of a 429. */
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
  /** When this ledger was created. A later time than expected means that the database was lost. */
  readonly createdAt?: EpochMs | undefined;
  /** Whether an operator has stated external spending for the month in force. */
  readonly externalStated: boolean;
  /** The ledger was created within the month in force, so it does not know what was spent before. */
  readonly firstMonth: boolean;
  /** Open purges by state. */
  readonly open: Readonly<Partial<Record<PurgeState, number>>>;
  /** When the latest sweep wrote its heartbeat. */
  readonly sweptAt?: EpochMs | undefined;
  readonly send: Pace;
  readonly poll: Pace;
  readonly alarms: readonly Alarm[];
  /** How many purges wait for their `sendAt`. */
  readonly scheduled: number;
  /** The latest refusal of a caller that repeats itself, within the last hour. */
  readonly repeating?: { readonly at: EpochMs; readonly actor: string; readonly url: string } | undefined;
  /** How many checks in a row ended `unchanged`, over all callers, and since when. */
  readonly unchanged: { readonly inARow: number; readonly since?: EpochMs | undefined };
  /** Redis' `maxmemory-policy`; absent if Redis does not say. Any value but `noeviction` loses keys when memory is full. */
  readonly eviction?: string | undefined;
};

/**
 * What a sweep has to do. A lane rests if an earlier sweep found that nothing can be done in it before a time that is
 * still ahead.
 */
export type SweepState = {
  readonly now: EpochMs;
  /** The latest heartbeat. */
  readonly sweptAt?: EpochMs | undefined;
  /** Whether the lane of sends, that of polls and that of edge checks is not resting. A scheduled purge that is due wakes that of sends. */
  readonly sends: boolean;
  readonly polls: boolean;
  readonly checks: boolean;
};

export type Correction = {
  readonly external: number;
  readonly reason?: string | undefined;
  readonly actor: string;
};

/** Where the units of the month in force went. */
export type Month = {
  readonly now: EpochMs;
  readonly startsAt: EpochMs;
  readonly budget: Budget;
  /** Units sent on each day (midnight UTC) that had any, oldest first; a released unit no longer counts on its day. */
  readonly days: readonly { readonly at: EpochMs; readonly units: number }[];
  /** Units sent for each actor that had any, most first. */
  readonly actors: readonly { readonly name: string; readonly units: number }[];
  /** The latest 100 corrections of what was spent elsewhere, newest first. */
  readonly corrections: readonly (Correction & { readonly at: EpochMs })[];
};

/**
 * The only way to the ledger. Every method but `repair` is one round trip (two the first time a script runs, and for
 * `health` once an hour), and the connection may rerun it: sent twice, it changes nothing more. All throw `LedgerUnavailable` when Redis does not answer, after 2 to 6 s, and
 * `RequestTooLarge`, before anything is sent, when their input is larger than Redis accepts. `reserve` and `resend` throw
 * `LedgerInDoubt` when the ledger has lost keys of the budget.
 */
export type Ledger = {
  /** Which purges these URLs would join, and what the budget is. Changes nothing. */
  readonly plan: (targets: PlanTargets) => Promise<PlanReply>;
  readonly reserve: (reservation: Reservation) => Promise<ReserveReply>;
  /** The profiles in force; or the batch that this key has made already, whatever the profiles say now. */
  readonly prepare: (request: Pick<Reservation, "idempotency">) => Promise<PrepareReply>;
  readonly readProfiles: () => Promise<Profiles & { readonly history: readonly ProfileChange[] }>;
  /** Compares and sets: a profile never changes unseen between its check and its write. */
  readonly changeProfile: (change: ChangeProfile) => Promise<ChangeProfileReply>;
  readonly advance: (advance: Advance) => Promise<AdvanceReply>;
  /** By its id, or by the one that the drop-in endpoint gave. */
  readonly readPurge: (id: string | { readonly dropInId: string }) => Promise<Purge | undefined>;
  readonly readBatch: (id: string) => Promise<Batch | undefined>;
  readonly listPurges: (query: PurgeQuery) => Promise<PurgePage>;
  readonly readBudget: () => Promise<Budget>;
  readonly readMonth: () => Promise<Month>;
  /**
   * Detaches the actor's batches (scope `every-batch`: all batches), with `batchId` only that one of them. Cancels the
   * purge when none is left.
   */
  readonly cancel: (id: string, by: CancelBy) => Promise<OperatorReply>;
  readonly resend: (id: string, actor: string) => Promise<OperatorReply>;
  readonly close: (id: string, actor: string) => Promise<OperatorReply>;
  readonly correct: (correction: Correction) => Promise<Budget>;
  /** Makes the next probe due now where a refused key has stopped all other calls. */
  readonly tryNow: () => Promise<Tried>;
  readonly health: () => Promise<LedgerHealth>;
  /** One plain read of what a sweep must know first. */
  readonly readSweepState: () => Promise<SweepState>;
  /** One plain write, to see whether Redis answers and has memory left. Throws `LedgerFull` when it has none. */
  readonly probe: () => Promise<void>;
  readonly recordHeartbeat: () => Promise<void>;
  /** Compares some of the records with queues and counts, mends what is certain, and raises an alarm if they differ. */
  readonly audit: () => Promise<void>;
  /**
   * Does the same for every record. Then it recounts what is open and reserved and, while the budget is in doubt,
   * what the records show as spent. It takes several round trips and may run beside everything else.
   */
  readonly repair: () => Promise<void>;
  /**
   * The same ledger for one request or sweep. Its first call counts against the caller's rate; later ones do not, and
   * `advance` never does. A call over the caller's rate throws `TooManyRequests` and has done nothing.
   */
  readonly onBehalfOf: (principal: Principal) => Ledger;
};

/**
 * The ledger has lost keys, so the rest of the budget is unknown. The ledger grants nothing until an operator enters a
 * correction. Nothing was recorded or charged.
 */
export class LedgerInDoubt extends Error {
  override readonly name = "LedgerInDoubt";
}

/** Redis could not be reached or did not answer, also when the call was rerun. */
export class LedgerUnavailable extends Error {
  override readonly name: string = "LedgerUnavailable";
}

/** Redis answers, but has no memory left for the write. `wroteNothing`: whether it is certain that nothing was written. */
export class LedgerFull extends LedgerUnavailable {
  override readonly name = "LedgerFull";
  readonly wroteNothing: boolean;

  constructor(wroteNothing: boolean, options: ErrorOptions) {
    super("Redis is full", options);
    this.wroteNothing = wroteNothing;
  }
}

/** The input is larger than Redis accepts in one HTTP request. Nothing was sent. */
export class RequestTooLarge extends Error {
  override readonly name = "RequestTooLarge";
  readonly limitBytes: number;

  constructor(bytes: number, limitBytes: number) {
    super(
      `As the ledger keeps it, this takes ${bytes} bytes; at most ${limitBytes} go into one request. Nothing was ` +
        "charged. Split the lines into several batches, or shorten them.",
    );
    this.limitBytes = limitBytes;
  }
}
