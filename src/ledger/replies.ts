import * as z from "zod/mini";
import type { Batch, BatchLine, Budget } from "../domain/batch.ts";
import { severities, violationCodes } from "../domain/verdict.ts";
import { json, parsePurges } from "./parse-purge.ts";

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
    purges: parsePurges(records),
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
