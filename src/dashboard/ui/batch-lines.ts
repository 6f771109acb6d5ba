import type { BatchLine } from "../../ledger/batch.ts";
import type { Purge, PurgeState } from "../../purge.ts";

/**
 * How a line of a batch stands: as its purge does, unless this batch no longer waits for it, it never had one, or the
 * record's retention is over (a purge that it joined may have ended long before its others).
 */
export type LineState = PurgeState | "rejected" | "expired";

export type Line = {
  readonly line: BatchLine;
  readonly state: LineState;
  /** What serves it. Absent when it was rejected, or expired. */
  readonly purge?: Purge | undefined;
};

export function batchLines(batch: {
  readonly lines: readonly BatchLine[];
  readonly purges: readonly Purge[];
}): readonly Line[] {
  const purges = new Map(batch.purges.map((purge) => [purge.id, purge]));
  return batch.lines.map((line) => {
    if (line.verdict === "rejected") return { line, state: "rejected" };
    const purge = purges.get(line.purgeId);
    return { line, state: line.cancelled === true ? "cancelled" : (purge?.state ?? "expired"), purge };
  });
}

/** From what is done, over what is under way, to what went wrong. */
const order = [
  "completed",
  "pending",
  "sending",
  "queued",
  "held",
  "overdue",
  "unknown",
  "refused",
  "abandoned",
  "cancelled",
  "rejected",
  "expired",
] as const satisfies readonly LineState[];

/** How many lines stand how, and the first of each; only what there is. */
export function countStates(
  lines: readonly Line[],
): readonly { readonly state: LineState; readonly count: number; readonly first: number }[] {
  return order.flatMap((state) => {
    const those = lines.filter((line) => line.state === state);
    const [first] = those;
    return first === undefined ? [] : [{ state, count: those.length, first: first.line.line }];
  });
}
