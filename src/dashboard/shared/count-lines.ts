import { isRefusedAsMistake } from "../../domain/verdict.ts";
import type { PlannedLine } from "./planned-line.ts";
import { pluralize } from "./words.ts";

/** The month's budget, as far as it matters before submitting. */
export type BudgetNow = {
  readonly available: number;
  /** Purges that wait for budget, and come first. */
  readonly held: number;
  readonly quota: number;
  /** The day on which the budget is renewed, such as `1 Dec`. */
  readonly resetsOn: string;
};

/** Where a line stands before it is submitted. `ask`: a wildcard, which this person may not purge. */
export type LineStanding = "ready" | "held" | "ask" | "mistake" | "to-fix" | "repeated" | "joined";

export type LineCounts = {
  readonly standings: ReadonlyMap<number, LineStanding>;
  /** Lines that cost a unit and can be submitted. */
  readonly units: number;
  /** How many of these are sent now, and how many wait for budget. */
  readonly now: number;
  readonly later: number;
  readonly resetsOn: string;
};

type Choices = {
  readonly mayUseWildcards: boolean;
  /** What the budget does not cover is held. */
  readonly isHolding: boolean;
  /** Undefined if not known: then everything counts as sent now. */
  readonly budget: BudgetNow | undefined;
};

/** Units that a new request can have now: held purges come first. */
export function unitsFree({ available, held }: Pick<BudgetNow, "available" | "held">): number {
  return Math.max(0, available - held);
}

/** Sorts the lines by what would happen to them. The budget goes to the first lines, as the ledger gives it. */
export function countLines(planned: readonly PlannedLine[], choices: Choices): LineCounts {
  const { mayUseWildcards, isHolding, budget } = choices;
  const free = isHolding && budget !== undefined ? unitsFree(budget) : Number.POSITIVE_INFINITY;
  const standings = new Map<number, LineStanding>();
  let units = 0;
  for (const line of planned) {
    const isAllowed = line.verdict === "accepted" && (mayUseWildcards || line.kind !== "wildcard");
    if (isAllowed) units += 1;
    standings.set(line.line, isAllowed ? (units > free ? "held" : "ready") : standingOf(line));
  }
  const now = Math.min(units, free);
  return { standings, units, now, later: units - now, resetsOn: budget?.resetsOn ?? "" };
}

function standingOf(line: PlannedLine): LineStanding {
  switch (line.verdict) {
    case "accepted":
      return "ask";
    case "rejected":
      return isRefusedAsMistake(line) ? "mistake" : "to-fix";
    case "duplicate":
    case "covered":
      return "repeated";
    case "joined":
      return "joined";
  }
}

/** `10 ready, 6 to fix, costs 10 units`; with held lines `5 ready now, 7 on 1 Dec, costs 12 units`. */
export function summarizeLines(counts: LineCounts): string {
  const { standings, units, now, later, resetsOn } = counts;
  const count = (...wanted: readonly LineStanding[]) =>
    [...standings.values()].filter((standing) => wanted.includes(standing)).length;
  const parts = [
    [later, `${now} ready now, ${later} on ${resetsOn}`],
    [later > 0 ? 0 : now, `${now} ready`],
    [count("to-fix", "mistake", "ask"), `${count("to-fix", "mistake", "ask")} to fix`],
    [count("repeated"), `${count("repeated")} repeated or covered`],
    [count("joined"), `${count("joined")} purged already`],
  ] as const;
  const said = parts.flatMap(([number, words]) => (number === 0 ? [] : [words]));
  return [...said, units === 0 ? "costs nothing" : `costs ${pluralize(units, "unit")}`].join(", ");
}

/** `for 5 units`; with held lines `5 now, 7 on 1 Dec`. */
export function priceWords({ units, now, later, resetsOn }: LineCounts): string {
  if (later === 0) return `for ${pluralize(units, "unit")}`;
  return now === 0 ? `${later} on ${resetsOn}` : `${now} now, ${later} on ${resetsOn}`;
}

/** What becomes of the lines that the budget does not cover. */
export function holdWords({ now, later, resetsOn }: LineCounts): string {
  const first = now === 0 ? "No unit is free now" : `The first ${now === 1 ? "1 goes" : `${now} go`} out now`;
  const rest = later === 1 ? "1 line is" : `${later} lines are`;
  return `${first}; ${rest} held, and sent in order as soon as there is budget: on ${resetsOn}.`;
}

/** `981 left`, `7 short`, `0 left, 7 held`. */
export function budgetAfter(
  { units, later }: LineCounts,
  budget: BudgetNow,
): { readonly words: string; readonly isShort: boolean } {
  const after = budget.available - budget.held - units;
  if (after >= 0) return { words: `${after.toLocaleString("en")} left`, isShort: false };
  return later > 0
    ? { words: `0 left, ${later} held`, isShort: false }
    : { words: `${(-after).toLocaleString("en")} short`, isShort: true };
}
