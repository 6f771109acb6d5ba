import * as z from "zod/mini";
import type { Batch, BatchLine, Budget } from "../domain/batch.ts";
import { purgeStates } from "../domain/purge.ts";
import { severities, violationCodes } from "../domain/verdict.ts";
import type { LeaseReply, LeaseRequest } from "./leases.ts";

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
  z.transform((text): unknown => JSON.parse(text)),
);
const state = z.enum(purgeStates);
const optionalTime = z.optional(z.number());

const purgeRecord = z.object({
  id: z.string(),
  batchId: z.string(),
  lines: listOf(z.number()),
  url: z.string(),
  kind: z.enum(["exact", "wildcard"]),
  state,
  imagekitRequestId: z.optional(z.string()),
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
  alarm: z.optional(z.string()),
  timeline: listOf(z.object({ at: z.number(), state, by: z.string(), note: z.string() })),
  batches: listOf(z.object({ id: z.string(), actor: z.string() })),
});

const storedPurge = z.pipe(json, purgeRecord);

/** The purge in a record's JSON, without the fields that only the scripts need. */
export function parsePurge(record: unknown) {
  return storedPurge.parse(record);
}

const budgetReply = z.pipe(
  json,
  z.object({
    month: z.string(),
    quota: z.number(),
    margin: z.number(),
    spent: z.number(),
    reserved: z.number(),
    external: z.number(),
    available: z.number(),
    held: z.number(),
    resetsAt: z.number(),
  }),
);

export function parseBudget(reply: unknown): Budget {
  return budgetReply.parse(reply);
}

const leaseReply = z.pipe(
  json,
  z.object({
    leases: listOf(
      z.object({
        purgeId: z.string(),
        url: z.optional(z.string()),
        imagekitRequestId: z.optional(z.string()),
      }),
    ),
    retryInMs: z.optional(z.number()),
  }),
);

/** The leases that a request got, each with the request's token. */
export function parseLeases(
  reply: unknown,
  { token, lane }: LeaseRequest & { readonly lane: "send" | "poll" },
): LeaseReply {
  const { leases, retryInMs } = leaseReply.parse(reply);
  return {
    leases: leases.map(({ purgeId, url = "", imagekitRequestId = "" }) =>
      lane === "send" ? { lane, purgeId, url, token } : { lane, purgeId, imagekitRequestId, token },
    ),
    retryInMs,
  };
}

/** Warnings stored before they had a severity are notes. */
const storedWarning = z.object({
  code: z.string(),
  severity: z._default(z.enum(severities), "note"),
  message: z.string(),
  suggestion: z.optional(z.string()),
});
const storedLine = z.union([
  z.discriminatedUnion("verdict", [
    z.object({
      line: z.number(),
      verdict: z.enum(["accepted", "joined"]),
      purgeId: z.string(),
      warnings: z.array(storedWarning),
    }),
    z.object({ line: z.number(), verdict: z.literal("duplicate"), of: z.number(), purgeId: z.string() }),
    z.object({
      line: z.number(),
      verdict: z.literal("covered"),
      by: z.number(),
      purgeId: z.string(),
      input: z.optional(z.string()),
    }),
    z.object({
      line: z.number(),
      verdict: z.literal("image"),
      image: z.string(),
      profile: z.optional(z.string()),
      of: z.optional(z.number()),
      purgeIds: z.array(z.string()),
      warnings: z.array(storedWarning),
    }),
    z.object({
      line: z.number(),
      verdict: z.literal("rejected"),
      input: z.string(),
      violations: z.array(
        z.object({
          code: z.enum(violationCodes),
          message: z.string(),
          why: z.optional(z.string()),
          suggestion: z.optional(z.string()),
        }),
      ),
    }),
  ]),
  z.object({
    line: z.number(),
    verdict: z.literal("covered"),
    cover: z.string(),
    purgeId: z.string(),
    input: z.optional(z.string()),
  }),
]);
const storedLines = z.array(storedLine);

const batchReply = z.tuple(
  [
    z.string(), // budget
    z.string(), // 1 while the batch waits for a purge, else 0
    z.string(), // id
    z.string(), // createdAt
    z.string(), // actor
    z.string(), // reason or ""
    z.string(), // units
    z.pipe(json, storedLines),
    z.pipe(json, z.record(z.string(), z.string())), // purge id of a line → id of the purge it joined
    z.string(), // ids of cancelled purges, separated by spaces
    z.string(), // ids of purges; their records follow
  ],
  z.string(),
);

/** The batch in a reply of scripts/lib/batch-reply.lua. */
export function parseBatch(reply: readonly string[]): Batch {
  const [budget, waiting, id, createdAt, actor, reason, units, lines, joined, cancelled, , ...records] =
    batchReply.parse(reply);
  const cancelledIds = new Set(cancelled.split(" "));
  return {
    id,
    createdAt: Number(createdAt),
    actor,
    reason: reason === "" ? undefined : reason,
    done: waiting === "0",
    units: Number(units),
    lines: lines.map((line) => withServingPurge(line, joined, cancelledIds)),
    purges: records.map(parsePurge),
    budget: parseBudget(budget),
  };
}

/** Stored lines say what was planned. This adds which purges serve a line, and whether they were cancelled. */
function withServingPurge(
  line: BatchLine,
  joined: Readonly<Record<string, string>>,
  cancelledIds: ReadonlySet<string>,
): BatchLine {
  if (line.verdict === "rejected") return line;
  if (line.verdict === "image") {
    const purgeIds = line.purgeIds.map((id) => joined[id] ?? id);
    const gone = purgeIds.filter((id) => cancelledIds.has(id));
    return { ...line, purgeIds, cancelledIds: gone.length > 0 ? gone : undefined };
  }
  const purgeId = joined[line.purgeId] ?? line.purgeId;
  const cancelled = cancelledIds.has(purgeId) ? true : undefined;
  if (line.verdict === "duplicate" || line.verdict === "covered") return { ...line, purgeId, cancelled };
  return { ...line, verdict: purgeId === line.purgeId ? line.verdict : "joined", purgeId, cancelled };
}
