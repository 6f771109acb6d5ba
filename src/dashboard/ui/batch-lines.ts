import type { BatchLine } from "../../domain/batch.ts";
import { isTerminal, type Purge, type PurgeState } from "../../domain/purge.ts";

/**
 * The state of a line of a batch: that of its purge, unless the batch no longer waits for it, the line was rejected, or
 * the purge's record has expired (a joined purge may have ended long before the others).
 */
export type LineState = PurgeState | "rejected" | "expired";

export type Line = {
  readonly line: BatchLine;
  readonly state: LineState;
  /** The purge that serves it; absent if rejected or expired. */
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

/**
 * Whether a line's URL was cleared. Only the purge that serves it can say so: a covered or joined line whose purge was
 * refused is not cleared, whatever its own verdict was. Undefined while that purge is open, or if it is not known.
 */
export function isCleared({ purge }: Line): boolean | undefined {
  if (purge === undefined || !isTerminal(purge.state)) return undefined;
  return purge.state === "completed";
}

/** The URL of a line itself: a covered line's differs from that of the purge which serves it. Undefined if not kept. */
export function urlOfLine({ line, purge }: Line): string | undefined {
  if (line.verdict === "rejected") return line.input;
  return line.verdict === "covered" ? line.input : purge?.url;
}

/** Done first, then in progress, then failed. */
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

/** The number of lines in each state that occurs, and the number of the first such line. */
export function countStates(
  lines: readonly Line[],
): readonly { readonly state: LineState; readonly count: number; readonly first: number }[] {
  return order.flatMap((state) => {
    const those = lines.filter((line) => line.state === state);
    const [first] = those;
    return first === undefined ? [] : [{ state, count: those.length, first: first.line.line }];
  });
}
