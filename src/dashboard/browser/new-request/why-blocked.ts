import {
  type BudgetNow,
  countLines,
  type LineCounts,
  type LineStanding,
  priceWords,
  unitsFree,
} from "../../shared/count-lines.ts";
import type { PlannedLine } from "../../shared/planned-line.ts";
import { mostLines } from "../../shared/several-batches.ts";
import { capitalize, lineList, pluralize } from "../../shared/words.ts";

type Situation = {
  readonly lines: readonly PlannedLine[];
  readonly counts: LineCounts;
  /** As last known; absent: the server decides. */
  readonly budget: BudgetNow | undefined;
  readonly isSkipping: boolean;
  readonly isHolding: boolean;
  /** “Earlier” is chosen, and no time is entered. */
  readonly isTimeMissing: boolean;
  /** What is wrong with the send time. */
  readonly sendingProblem: string | undefined;
  /** Why nothing can be submitted at the moment, whatever the lines are. */
  readonly trouble: string | undefined;
};

/** Why these lines cannot be submitted; undefined if they can. */
export function whyBlocked(situation: Situation): string | undefined {
  const { lines, counts, budget, isSkipping, isHolding, isTimeMissing } = situation;
  if (situation.trouble !== undefined) return `${situation.trouble} Your text stays here.`;
  if (lines.length === 0) return "Enter at least one image or URL.";
  if (lines.length > mostLines) return `At most ${mostLines} lines can be submitted at once. Remove some.`;
  const those = (standing: LineStanding) =>
    lines.flatMap(({ line }) => (counts.standings.get(line) === standing ? [line] : []));
  const mistakes = those("mistake");
  const rejected = [...those("to-fix"), ...mistakes].sort((one, other) => one - other);
  if (rejected.length > mistakes.length && rejected.length === lines.length) {
    return "None of these lines can be purged as they are. Fix them.";
  }
  if (rejected.length > 0 && (!isSkipping || rejected.length === lines.length)) {
    if (mistakes.length === rejected.length) {
      const it =
        mistakes.length === 1 ? "is probably a mistake. Correct it" : "are probably mistakes. Correct them";
      return `${capitalize(lineList(mistakes))} ${it}, or choose to send ${mistakes.length === 1 ? "it" : "them"} anyway.`;
    }
    const them = rejected.length === 1 ? "it" : "them";
    return `Fix ${lineList(rejected)}, or choose to skip ${them}.`;
  }
  const wildcards = those("ask");
  if (wildcards.length > 0) {
    return `Your token cannot purge wildcards (${lineList(wildcards)}). Ask an admin, or enter exact URLs.`;
  }
  if (situation.sendingProblem !== undefined) return situation.sendingProblem;
  if (isTimeMissing) return "Enter when the image changed.";
  if (budget === undefined) return undefined;
  const { units } = counts;
  const free = unitsFree(budget);
  if (units > free && !isHolding) {
    const held = countLines(lines, { mayUseWildcards: true, isHolding: true, budget });
    const needs = `This needs ${pluralize(units, "unit")} and ${free} ${free === 1 ? "is" : "are"} left.`;
    return `${needs} Submit fewer lines, or hold the rest: ${priceWords(held)}.`;
  }
  const most = free + Math.max(0, budget.quota - budget.held);
  if (units > most) {
    return `At most ${pluralize(most, "unit")} can be sent and held: what waits cannot exceed a month's quota. Submit fewer lines.`;
  }
  return undefined;
}
