import type { PlannedLine } from "../../shared/describe-line.ts";
import { mostLines } from "../../shared/several-batches.ts";
import { capitalize, lineList, pluralize } from "../../shared/words.ts";

type Situation = {
  readonly lines: readonly PlannedLine[];
  /** Units available, as last known; absent: the server decides. */
  readonly available: number | undefined;
  readonly isSkipping: boolean;
  readonly isHolding: boolean;
  readonly mayUseWildcards: boolean;
  /** “Earlier” is chosen, and no time is entered. */
  readonly isTimeMissing: boolean;
  /** Why nothing can be submitted at the moment, whatever the lines are. */
  readonly trouble: string | undefined;
};

/** Why these lines cannot be submitted; undefined if they can. */
export function whyBlocked(situation: Situation): string | undefined {
  const { lines, available, isSkipping, isHolding, mayUseWildcards, isTimeMissing } = situation;
  if (situation.trouble !== undefined) return `${situation.trouble} Your text stays here.`;
  if (lines.length === 0) return "Enter at least one URL.";
  if (lines.length > mostLines) return `At most ${mostLines} lines can be submitted at once. Remove some.`;
  const rejected = lines.flatMap(({ line, verdict }) => (verdict === "rejected" ? [line] : []));
  if (rejected.length === lines.length) return "None of these lines can be purged.";
  if (rejected.length > 0 && !isSkipping) {
    const them = rejected.length === 1 ? "it" : "them";
    return `${capitalize(lineList(rejected))} cannot be purged. Correct ${them}, or choose to skip ${them}.`;
  }
  const wildcards = lines.flatMap((line) =>
    line.verdict === "accepted" && line.kind === "wildcard" ? [line.line] : [],
  );
  if (wildcards.length > 0 && !mayUseWildcards) {
    return `Your token cannot purge wildcards (${lineList(wildcards)}). Ask an admin, or enter exact URLs.`;
  }
  if (isTimeMissing) return "Enter when the image changed.";
  const units = unitsOf(lines);
  if (available !== undefined && units > available && !isHolding) {
    const left = Math.max(0, available);
    return `This needs ${pluralize(units, "unit")} and ${left} ${left === 1 ? "is" : "are"} left. Submit fewer lines, or choose to hold the rest until there is budget.`;
  }
  return undefined;
}

export function unitsOf(lines: readonly PlannedLine[]): number {
  return lines.filter(({ verdict }) => verdict === "accepted").length;
}
