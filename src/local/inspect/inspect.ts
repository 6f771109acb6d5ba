/** One purge or batch as it is in Redis, for an operator. Reads only; signatures are masked. */

import * as z from "zod";
import { type PurgeState, purgeStates } from "../../domain/purge.ts";
import type { EpochMs } from "../../domain/time.ts";
import { ledgerKeys } from "../../ledger/keys.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import type { ReadOnly } from "./read-only.ts";

const queues = ["send", "scheduled", "settle", "poll", "held", "checks"] as const;
export type QueueName = (typeof queues)[number];

const purgeRecord = z.looseObject({
  id: z.string(),
  batchId: z.string(),
  url: z.string(),
  kind: z.string(),
  state: z.enum(purgeStates),
  sendAt: z.optional(z.number()),
  isScheduled: z.optional(z.literal(true)),
  actor: z.string(),
  reason: z.optional(z.string()),
  imagekitRequestId: z.optional(z.string()),
  units: z.number(),
  attempts: z.number(),
  checks: z.number(),
  /** Only while a send is leased: the right to settle it. */
  lease: z.optional(z.string()),
  lostLease: z.optional(z.string()),
  /** The pointer's name: SHA-256 of the URL, and of the instant if it is scheduled. */
  target: z.string(),
  alarm: z.optional(z.string()),
  edge: z.optional(
    z.looseObject({
      outcome: z.string(),
      url: z.string(),
      cause: z.optional(z.string()),
      tries: z.number(),
      checkedAt: z.optional(z.number()),
    }),
  ),
  error: z.optional(z.object({ code: z.string(), message: z.string() })),
  spentUnits: z.optional(z.array(z.object({ month: z.number(), day: z.number() }))),
  batches: z.preprocess(listOfLua, z.array(z.object({ id: z.string(), actor: z.string() }))),
  timeline: z.preprocess(
    listOfLua,
    z.array(z.object({ at: z.number(), state: z.string(), by: z.string(), note: z.string() })),
  ),
});
export type PurgeRecord = z.output<typeof purgeRecord>;

export type PurgeInspection = {
  readonly what: "purge";
  /** Redis' clock. */
  readonly now: EpochMs;
  readonly record: PurgeRecord;
  /** Where it is queued: its score, which is when something is due (in `held`, its place). More than one is damage. */
  readonly queues: Readonly<Partial<Record<QueueName, number>>>;
  /** The purge that the next request for this target would look at; absent: none. */
  readonly pointer?: { readonly purgeId: string; readonly expiresAt?: EpochMs | undefined } | undefined;
  /** Each batch that the record names, and whether Redis says that it waits. */
  readonly batches: readonly { readonly id: string; readonly actor: string; readonly waits: boolean }[];
  readonly expiresAt?: EpochMs | undefined;
};

export type BatchInspection = {
  readonly what: "batch";
  readonly now: EpochMs;
  readonly id: string;
  /** The hash as it is, JSON inside it parsed. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Purges that it still waits for. */
  readonly waitsFor: readonly { readonly id: string; readonly state: PurgeState | "no record" }[];
  readonly expiresAt?: EpochMs | undefined;
};

export type Inspection = PurgeInspection | BatchInspection;

/**
 * Finds a purge or batch by its id, or a purge by the last characters of its id, as the log shows them. Undefined: there
 * is none, or more than one ends so.
 */
export async function inspect(
  read: ReadOnly,
  ledgerName: string,
  given: string,
): Promise<Inspection | undefined> {
  const id = given.replace(/^([a-z]_)…/, "");
  if (/^b_[0-9a-z]{26}$/.test(id)) return inspectBatch(read, ledgerName, id);
  if (/^p_[0-9a-z]{26}$/.test(id)) return inspectPurge(read, ledgerName, id);
  const index = ledgerKeys(ledgerName).all.find((key) => key.endsWith(":index")) ?? "";
  const [ids] = await read([["ZRANGE", index, "0", "-1"]]);
  const [found, ...others] = z
    .array(z.string())
    .parse(ids)
    .filter((known) => known.endsWith(id));
  return found === undefined || others.length > 0 ? undefined : inspectPurge(read, ledgerName, found);
}

async function inspectPurge(
  read: ReadOnly,
  ledgerName: string,
  id: string,
): Promise<PurgeInspection | undefined> {
  const { all, families } = ledgerKeys(ledgerName);
  const queueKey = (queue: QueueName) => all.find((key) => key.endsWith(`:${queue}`)) ?? "";
  const [time, json, ttl, ...scores] = await read([
    ["TIME"],
    ["GET", families.purge + id],
    ["PTTL", families.purge + id],
    ...queues.map((queue) => ["ZSCORE", queueKey(queue), id] as const),
  ]);
  if (typeof json !== "string") return undefined;
  const record = purgeRecord.parse(JSON.parse(json, masked));
  const pointerKey = families.target + record.target;
  const [pointer, pointerTtl, ...waits] = await read([
    ["GET", pointerKey],
    ["PTTL", pointerKey],
    ...record.batches.map((batch) => ["SISMEMBER", families.waiting + batch.id, id] as const),
  ]);
  const now = millisecondsOf(time);
  return {
    what: "purge",
    now,
    record,
    queues: Object.fromEntries(
      queues.flatMap((queue, i) => (scores[i] === null ? [] : [[queue, Number(scores[i])]])),
    ),
    pointer:
      typeof pointer === "string" ? { purgeId: pointer, expiresAt: expiry(now, pointerTtl) } : undefined,
    batches: record.batches.map((batch, i) => ({ ...batch, waits: Number(waits[i]) === 1 })),
    expiresAt: expiry(now, ttl),
  };
}

async function inspectBatch(
  read: ReadOnly,
  ledgerName: string,
  id: string,
): Promise<BatchInspection | undefined> {
  const { families } = ledgerKeys(ledgerName);
  const [time, hash, ttl, members] = await read([
    ["TIME"],
    ["HGETALL", families.batch + id],
    ["PTTL", families.batch + id],
    ["SMEMBERS", families.waiting + id],
  ]);
  const flat = z.array(z.string()).parse(hash);
  if (flat.length === 0) return undefined;
  const waitsFor = z.array(z.string()).parse(members).sort();
  const records =
    waitsFor.length === 0 ? [] : await read(waitsFor.map((each) => ["GET", families.purge + each] as const));
  const now = millisecondsOf(time);
  return {
    what: "batch",
    now,
    id,
    fields: Object.fromEntries(
      flat.flatMap((name, i) => (i % 2 === 0 ? [[name, parsedField(flat[i + 1] ?? "")] as const] : [])),
    ),
    waitsFor: waitsFor.map((each, i) => {
      const json = records[i];
      return {
        id: each,
        state: typeof json === "string" ? purgeRecord.parse(JSON.parse(json)).state : "no record",
      };
    }),
    expiresAt: expiry(now, ttl),
  };
}

/** A reviver: URLs with signatures stand in several places of a record, also in notes. */
function masked(_key: string, value: unknown): unknown {
  return typeof value === "string" ? maskSignature(value) : value;
}

function parsedField(text: string): unknown {
  if (!/^[[{]/.test(text)) return maskSignature(text);
  try {
    return JSON.parse(text, masked);
  } catch {
    return maskSignature(text);
  }
}

/** Lua's cjson writes an empty array as an empty object. */
function listOfLua(value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.values(value) : value;
}

function millisecondsOf(time: unknown): EpochMs {
  const [seconds = 0, microseconds = 0] = z.array(z.coerce.number()).parse(time);
  return seconds * 1_000 + Math.floor(microseconds / 1_000);
}

function expiry(now: EpochMs, ttl: unknown): EpochMs | undefined {
  return Number(ttl) >= 0 ? now + Number(ttl) : undefined;
}
