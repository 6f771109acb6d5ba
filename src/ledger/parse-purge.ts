import * as z from "zod/mini";
import { edgeOutcomes } from "../domain/edge-check.ts";
import { isTerminal, type Purge, purgeStates } from "../domain/purge.ts";

/** Lua's cjson writes an empty array as an empty object. */
export function listOf<T extends z.ZodMiniType>(item: T) {
  return z.pipe(
    z.transform((value) => (isEmptyObject(value) ? [] : value)),
    z.array(item),
  );
}

function isEmptyObject(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

/** Parses JSON text. */
export const json = z.pipe(
  z.string(),
  z.transform((text, { issues }): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      issues.push({ code: "custom", input: text, message: "is not JSON" });
      return z.NEVER;
    }
  }),
);

/** JSON text that is only shown: undefined if it is broken, so that it hides nothing else. */
export function shownOnly<T extends z.ZodMiniType>(schema: T) {
  return z.catch(z.optional(z.pipe(json, schema)), undefined);
}

const state = z.enum(purgeStates);
export const optionalTime = z.optional(z.number());

/** A value of a later deployment is dropped: it costs neither the other fields nor the other checks. */
function ifKnown<T extends z.ZodMiniType>(field: T) {
  return z.catch(z.optional(field), undefined);
}

const edgeReading = z.object({
  at: z.number(),
  status: z.optional(z.number()),
  fingerprint: z.optional(z.string()),
  ageSeconds: z.optional(z.number()),
  madeAt: optionalTime,
  cache: ifKnown(z.enum(["hit", "miss"])),
  location: z.optional(z.string()),
  type: z.optional(z.string()),
  problem: z.optional(z.string()),
  notAsked: ifKnown(z.literal(true)),
});
export const edgeCheck = z.object({
  outcome: z.enum([...edgeOutcomes, "waiting"]),
  url: z.string(),
  cause: z.optional(z.string()),
  tries: z.number(),
  checkedAt: optionalTime,
  nextAt: optionalTime,
  before: z.optional(edgeReading),
  after: z.optional(edgeReading),
});

const purgeRecord = z.object({
  id: z.string(),
  batchId: z.string(),
  lines: listOf(z.number()),
  url: z.string(),
  kind: z.enum(["exact", "wildcard"]),
  state,
  imagekitRequestId: z.optional(z.string()),
  dropInId: z.optional(z.string()),
  units: z.number(),
  attempts: z.number(),
  checks: z.number(),
  actor: z.string(),
  reason: z.optional(z.string()),
  createdAt: z.number(),
  sendAt: optionalTime,
  isScheduled: z.optional(z.literal(true)),
  sentAt: optionalTime,
  acceptedAt: optionalTime,
  completedAt: optionalTime,
  endedAt: optionalTime,
  nextCheckAt: optionalTime,
  error: z.optional(z.object({ code: z.string(), message: z.string() })),
  /** If a later deployment writes it otherwise, it is not shown: a check must never hide its purge. */
  edge: z.catch(z.optional(edgeCheck), undefined),
  alarm: z.optional(z.string()),
  timeline: listOf(z.object({ at: z.number(), state, by: z.string(), note: z.string() })),
  batches: listOf(z.object({ id: z.string(), actor: z.string() })),
});

const storedPurge = z.pipe(json, purgeRecord);

/**
 * The purge in a record's JSON, without the fields that only the scripts need. An older deployment leaves the edge check on a
 * purge that ended without Completed.
 */
export function parsePurge(record: unknown): Purge {
  return shown(storedPurge.parse(record));
}

/** The purges in these records, without those that are broken: a manual change to one must not hide the others. */
export function parsePurges(records: readonly unknown[]): readonly Purge[] {
  return records.flatMap((record) => {
    const parsed = storedPurge.safeParse(record);
    return parsed.success ? [shown(parsed.data)] : [];
  });
}

function shown(purge: z.output<typeof storedPurge>): Purge {
  const isWithoutCheck = isTerminal(purge.state) && purge.state !== "completed";
  return isWithoutCheck ? { ...purge, edge: undefined } : purge;
}
