/**
 * Every key of a ledger. Each begins with the ledger's name and the schema's number, so that several ledgers can
 * share a Redis and a later schema can live beside this one; only `ledger`, which says which schema is in force,
 * has no number.
 */
export const schema = 1;

/** The keys each script gets, in this order, as KEYS. */
const single = [
  /** Hash: `schema`, `createdAt`, `accountedFor` (when a loss was corrected). No TTL: its absence means that the database is new or was lost. */
  "ledger",
  /** Hash: the period in force, `reserved`, `inDoubt`, `sequence` and its marks (scripts/lib/witness.lua). No TTL: it is the budget. */
  "budget",
  /** Due queue, sorted set: queued purges by when they may be sent. No TTL: open work. */
  "send",
  /** Due queue, sorted set: sending and unknown purges by when the lease or the pause ends. No TTL: open work. */
  "settle",
  /** Due queue, sorted set: pending and overdue purges by their next status check. No TTL: open work. */
  "poll",
  /** Sorted set: held purges by creation, first in first out. No TTL: open work. */
  "held",
  /** Sorted set: every purge by creation. No TTL: a member leaves after its record did. */
  "index",
  /** Hash: number of open purges by state, and by the alarm that they are a reason for. No TTL: open work. */
  "open",
  /** Hashes: token bucket, back-off and breaker of each ImageKit endpoint. No TTL: a breaker stays open. */
  "pace:send",
  "pace:poll",
  /** Hash: alarms that only an operator ends. No TTL: until then. */
  "alarms",
  /** String: when the latest sweep ran. No TTL: its age is what health shows. */
  "heartbeat",
] as const;

/** Families of keys: the script appends an id. */
const families = {
  /** Hash by period start: what it cost and where, `unrecorded` (units charged from a witness alone). Kept for the retention after its end. */
  month: "month:",
  /** List by period start: corrections, newest first. Kept as the month is. */
  corrections: "corrections:",
  /** String (JSON) by purge id. Kept for the retention once terminal; no TTL while open. */
  purge: "purge:",
  /** Hash by batch id. Kept for the retention after its last purge. */
  batch: "batch:",
  /** Set by batch id: the purges it still waits for. Gone when empty. */
  waiting: "waiting:",
  /** String by SHA-256 of a URL: the newest purge of it. Deleted when that fails, kept a day when it completes. */
  target: "target:",
  /** String (JSON) by SHA-256 of actor and key. Kept for seven days, or the retention where that is shorter. */
  idempotency: "idempotency:",
  /** String (JSON) by lease token: what it was given, so that asking again gives the same. Two minutes. */
  lease: "lease:",
  /** String (ms) by lane of the sweep (`send`, `poll`): until when nothing can be done in it. A quarter of an hour at most, six hours while it is empty. */
  rest: "rest:",
  /** String (ms) by caller, and by `room:` and caller: when its bucket is full again and it is gone. */
  rate: "rate:",
} as const;

export type KeyFamilies = Readonly<Record<keyof typeof families, string>>;

/** The two lanes of the sweep. */
export type Lane = "send" | "poll";

export type LedgerKeys = {
  /** In the order the scripts name them. */
  readonly all: readonly string[];
  readonly families: KeyFamilies;
  readonly heartbeat: string;
  /** The rest of each lane of the sweep. */
  readonly rests: Readonly<Record<Lane, string>>;
  /** String: written to see whether Redis takes a write. One minute. */
  readonly probe: string;
};

export function ledgerKeys(name: string): LedgerKeys {
  const key = (rest: string) => (rest === "ledger" ? `${name}:ledger` : `${name}:${schema}:${rest}`);
  return {
    all: single.map(key),
    families: {
      month: key(families.month),
      corrections: key(families.corrections),
      purge: key(families.purge),
      batch: key(families.batch),
      waiting: key(families.waiting),
      target: key(families.target),
      idempotency: key(families.idempotency),
      lease: key(families.lease),
      rest: key(families.rest),
      rate: key(families.rate),
    },
    heartbeat: key("heartbeat"),
    rests: { send: key(`${families.rest}send`), poll: key(`${families.rest}poll`) },
    probe: key("probe"),
  };
}
