/**
 * Every key of a ledger. Each begins with the ledger's name and the schema's number, so several ledgers can share a
 * Redis and a later schema can live beside this one. Only `ledger` has no number: it says which schema is in force.
 */
export const schema = 1;

/** The KEYS of every script, in this order. */
const single = [
  /**
   * Hash: `schema`, `createdAt`, `accountedFor` (when a loss was corrected), `auditedTo` (the last purge that an audit has
   * looked at). No TTL: its absence means that the database is new or was lost.
   */
  "ledger",
  /** Hash: the period in force, `reserved`, `inDoubt`, `sequence` and its marks (scripts/lib/witness.lua). No TTL: it is the budget. */
  "budget",
  /** Due queue, sorted set: queued purges by when they may be sent; not those in `scheduled`. No TTL: open work. */
  "send",
  /** Due queue, sorted set: sending and unknown purges by when the lease or the pause ends. No TTL: open work. */
  "settle",
  /** Due queue, sorted set: pending and overdue purges by their next status check. No TTL: open work. */
  "poll",
  /** Sorted set: held purges by creation, first in first out. No TTL: open work. */
  "held",
  /** Sorted set: every purge by creation. No TTL: members are removed after their records expire. */
  "index",
  /** Hash: number of open purges by state, and by the alarm that they cause. No TTL: open work. */
  "open",
  /** Hashes: token bucket, back-off and breaker of each ImageKit endpoint. No TTL: a breaker stays open. */
  "pace:send",
  "pace:poll",
  /** Hash: alarms of the ledger. No TTL: each lasts until its cause is over. */
  "alarms",
  /** String: when a sweep last wrote it, which about every fifth does. No TTL: health shows its age. */
  "heartbeat",
  /** Hash: `version`, and `profile:<name>` (JSON) for each profile. No TTL: profiles are settings, not work; they are in force until an admin changes them. */
  "profiles",
  /** List (JSON): the newest 100 changes of profiles, newest first. No TTL: it is bounded, and tells who changed what as long as profiles exist. */
  "profile-changes",
  /** Sorted set: queued purges that are not sent before a time still ahead, by that time. No TTL: open work. */
  "scheduled",
  /** String (ms): the first score in `scheduled`. Absent while that is empty. No TTL: open work. */
  "wake",
  /** String (JSON): the latest refusal of a caller that repeats itself, for health. One hour. */
  "repeating",
  /** Due queue, sorted set: completed purges by their next edge check; stale ones by when their alarm ends. No TTL: open work. */
  "checks",
  /** String (JSON): how many edge checks in a row ended `unchanged`, and since when. Seven days after the latest. */
  "unchanged",
] as const;

/** Families of keys: the script appends an id, and sets the TTL. */
const families = {
  /** Hash by period start: units spent, by day and actor too, and `unrecorded` (charged from a witness alone). Kept for the retention after its end. */
  month: "month:",
  /** List by period start: corrections, newest first. Kept as long as the month. */
  corrections: "corrections:",
  /** String (JSON) by purge id. Kept for the retention once terminal; no TTL while open. */
  purge: "purge:",
  /** Hash by batch id. Kept for the retention once no purge that it waits for is open. */
  batch: "batch:",
  /** Set by batch id: the purges it still waits for. Gone when empty. */
  waiting: "waiting:",
  /** String by SHA-256 of a URL, of a scheduled purge with its instant (target.ts): the newest purge. Kept for a day once that completes; deleted when it ends otherwise. */
  target: "target:",
  /** Hash by `changedAt` (ms) of requests from a clock that runs ahead: SHA-256 of a URL → the purge that it was given. A day. */
  changed: "changed:",
  /** String (JSON) by SHA-256 of actor and key. Kept for seven days, or for the retention if that is shorter. */
  idempotency: "idempotency:",
  /**
   * String (JSON) by lease token: its reply, so that a repeated request gets the same. Two minutes. By lease token and
   * purge id: that an answer to a purge without a record was counted. One day.
   */
  lease: "lease:",
  /** String (ms) by lane of the sweep (`send`, `poll`, `check`): until when nothing can be done in it. At most 15 minutes, six hours while the lane is empty; that of checks until its first one, or a week. */
  rest: "rest:",
  /** Hash by day and actor: a URL's name → when batches made a purge of it (scripts/lib/repeats.lua). Until an hour after the day. */
  repeats: "repeats:",
  /** String (ms) by caller, and by `room:` and caller for storage: when the bucket is full again. Expires then. */
  rate: "rate:",
  /** String by the id that the drop-in endpoint gave: the purge's id. Kept for the retention once that is terminal; no TTL while open. */
  dropIn: "drop-in:",
  /** String by SHA-256 of a URL, and actor: the purge that the drop-in endpoint gave the actor last. 200 s. */
  given: "given:",
} as const;

export type KeyFamilies = Readonly<Record<keyof typeof families, string>>;

/** The lanes of the sweep: sending a purge, polling its status, and checking what the edge serves. */
export type Lane = "send" | "poll" | "check";

export type LedgerKeys = {
  /** In the order the scripts name them. */
  readonly all: readonly string[];
  readonly families: KeyFamilies;
  readonly heartbeat: string;
  /** The rest of each lane of the sweep. */
  readonly rests: Readonly<Record<Lane, string>>;
  readonly wake: string;
  /** String: written to see whether Redis accepts a write. One minute. */
  readonly probe: string;
};

export function ledgerKeys(name: string): LedgerKeys {
  const key = (end: string) => (end === "ledger" ? `${name}:ledger` : `${name}:${schema}:${end}`);
  return {
    all: single.map(key),
    families: {
      month: key(families.month),
      corrections: key(families.corrections),
      purge: key(families.purge),
      batch: key(families.batch),
      waiting: key(families.waiting),
      target: key(families.target),
      changed: key(families.changed),
      idempotency: key(families.idempotency),
      lease: key(families.lease),
      rest: key(families.rest),
      repeats: key(families.repeats),
      rate: key(families.rate),
      dropIn: key(families.dropIn),
      given: key(families.given),
    },
    heartbeat: key("heartbeat"),
    rests: {
      send: key(`${families.rest}send`),
      poll: key(`${families.rest}poll`),
      check: key(`${families.rest}check`),
    },
    wake: key("wake"),
    probe: key("probe"),
  };
}
