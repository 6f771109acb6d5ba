import type { BatchLine } from "../../domain/batch.ts";
import { isTerminal, type Purge, type PurgeState } from "../../domain/purge.ts";
import { fromBestToWorst, worstState } from "../../domain/worst-state.ts";

/**
 * The state of a line of a batch: that of its purge, unless the batch no longer waits for it, the line was rejected, or
 * the purge's record has expired (a joined purge may have ended long before the others). An image has the worst state of
 * its purges.
 */
export type LineState = PurgeState | "rejected" | "expired";

export type Line = {
  readonly line: BatchLine;
  readonly state: LineState;
  /** Every purge that serves it, each with its state for this batch; those whose record has expired are left out. */
  readonly served: readonly ServedBy[];
};

export type ServedBy = { readonly purge: Purge; readonly state: PurgeState };

export function batchLines(batch: {
  readonly lines: readonly BatchLine[];
  readonly purges: readonly Purge[];
}): readonly Line[] {
  const purges = new Map(batch.purges.map((purge) => [purge.id, purge]));
  return batch.lines.map((line) => {
    if (line.verdict === "rejected") return { line, state: "rejected", served: [] };
    const ids = purgeIdsOf(line);
    const served = ids.flatMap((id): readonly ServedBy[] => {
      const purge = purges.get(id);
      if (purge === undefined) return [];
      return [{ purge, state: isCancelledHere(line, id) ? "cancelled" : purge.state }];
    });
    // A line that was cancelled here stays so when its purge's record has expired.
    const states = ids.map((id) => (isCancelledHere(line, id) ? "cancelled" : purges.get(id)?.state));
    return { line, state: worstState(states) ?? "expired", served };
  });
}

type ServedLine = Exclude<BatchLine, { verdict: "rejected" }>;

/** The purges that a line depends on. */
export function purgeIdsOf(line: ServedLine): readonly string[] {
  return line.verdict === "image" ? line.purgeIds : [line.purgeId];
}

/** Whether this batch no longer waits for that purge of the line, because it was cancelled here. */
export function isCancelledHere(line: ServedLine, purgeId: string): boolean {
  return line.verdict === "image" ? line.cancelledIds?.includes(purgeId) === true : line.cancelled === true;
}

/** The purge of a line that has only one; the worst of several. Undefined if rejected or expired. */
export function purgeOf({ served, state }: Line): Purge | undefined {
  return (served.find((one) => one.state === state) ?? served[0])?.purge;
}

/**
 * Whether all that a line asked for was cleared. Only the purges that serve it can say so: a covered or joined line whose
 * purge was refused is not cleared, whatever its own verdict was. Undefined while one is open, or if one is not known.
 */
export function isCleared({ line, served }: Line): boolean | undefined {
  if (served.some(({ purge: { state } }) => isTerminal(state) && state !== "completed")) return false;
  if (line.verdict === "rejected" || served.length < purgeIdsOf(line).length) return undefined;
  return served.every(({ purge }) => purge.state === "completed") ? true : undefined;
}

/**
 * What names a line in a new request: its URL, or the path of its image. A covered line's URL differs from that of the
 * purge which serves it. Without a profile, only its URLs say which endpoint the image is at. Undefined if not kept.
 */
export function namesOfLine(of: Line): readonly (string | undefined)[] {
  const { line, served } = of;
  if (line.verdict === "rejected") return [line.input];
  if (line.verdict === "covered") return [line.input];
  const urls = served.map(({ purge }) => purge.url);
  if (line.verdict !== "image") return [urls[0]];
  if (line.profile === undefined) return urls;
  // A URL outside the profile was asked for as it is.
  const isMore = line.warnings.some(({ code }) => code === "not-in-profile");
  return [line.image, ...(isMore ? urls.filter((url) => !url.endsWith("*")) : [])];
}

/** Done first, then in progress, then failed. */
const order = [...fromBestToWorst, "rejected", "expired"] as const satisfies readonly LineState[];

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
