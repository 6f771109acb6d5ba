import { isRefusedAsMistake } from "../../domain/verdict.ts";
import type { PlannedCover, PlannedLine } from "./planned-line.ts";
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
  /** What the lines that can be submitted cost, with the folders that are cleared whole. */
  readonly units: number;
  /** How many of these units are for what is sent now, and how many for what waits for budget. */
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
  /** Folders that are cleared whole. */
  readonly covers?: readonly PlannedCover[] | undefined;
};

/** Units that a new request can have now: held purges come first. */
export function unitsFree({ available, held }: Pick<BudgetNow, "available" | "held">): number {
  return Math.max(0, available - held);
}

/** Sorts the lines by what would happen to them. The budget goes to the first lines, as the ledger gives it. */
export function countLines(planned: readonly PlannedLine[], choices: Choices): LineCounts {
  const { mayUseWildcards, isHolding, budget, covers = [] } = choices;
  const free = isHolding && budget !== undefined ? unitsFree(budget) : Number.POSITIVE_INFINITY;
  const standings = new Map<number, LineStanding>();
  let units = covers.reduce((sum, { targets }) => sum + countAccepted(targets), 0);
  for (const line of planned) {
    const cost = unitsOf(line, mayUseWildcards);
    units += cost;
    standings.set(line.line, cost > 0 ? (units > free ? "held" : "ready") : standingOf(line));
  }
  const now = Math.min(units, free);
  return { standings, units, now, later: units - now, resetsOn: budget?.resetsOn ?? "" };
}

/** The units that this line alone costs, if it can be submitted. A wildcard that an image makes needs no scope `wildcard`. */
function unitsOf(line: PlannedLine, mayUseWildcards: boolean): number {
  if (line.verdict === "image") return countAccepted(line.targets);
  return line.verdict === "accepted" && (mayUseWildcards || line.kind !== "wildcard") ? 1 : 0;
}

export function countAccepted(targets: readonly { readonly verdict: string }[]): number {
  return targets.filter(({ verdict }) => verdict === "accepted").length;
}

function standingOf(line: PlannedLine): LineStanding {
  switch (line.verdict) {
    case "image":
      return line.targets.some(({ verdict }) => verdict === "joined") ? "joined" : "repeated";
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
  const { units, resetsOn } = counts;
  const count = (...wanted: readonly LineStanding[]) => countStanding(counts, ...wanted);
  const [ready, held] = [count("ready"), count("held")];
  const parts = [
    [held, `${ready} ready now, ${held} on ${resetsOn}`],
    [held > 0 ? 0 : ready, `${ready} ready`],
    [count("to-fix", "mistake", "ask"), `${count("to-fix", "mistake", "ask")} to fix`],
    [count("repeated"), `${count("repeated")} repeated or covered`],
    [count("joined"), `${count("joined")} purged already`],
  ] as const;
  const said = parts.flatMap(([number, words]) => (number === 0 ? [] : [words]));
  return [...said, units === 0 ? "costs nothing" : `costs ${pluralize(units, "unit")}`].join(", ");
}

function countStanding({ standings }: LineCounts, ...wanted: readonly LineStanding[]): number {
  return [...standings.values()].filter((standing) => wanted.includes(standing)).length;
}

/** `for 5 units`; with held lines `5 now, 7 on 1 Dec`. */
export function priceWords({ units, now, later, resetsOn }: LineCounts): string {
  if (later === 0) return `for ${pluralize(units, "unit")}`;
  return now === 0 ? `${later} on ${resetsOn}` : `${now} now, ${later} on ${resetsOn}`;
}

/** What becomes of the lines that the budget does not cover. */
export function holdWords(counts: LineCounts): string {
  const { resetsOn } = counts;
  const ready = countStanding(counts, "ready");
  const held = countStanding(counts, "held");
  const first =
    counts.now === 0 ? "No unit is free now" : `The first ${ready === 1 ? "1 goes" : `${ready} go`} out now`;
  const rest = held === 1 ? "1 line is" : `${held} lines are`;
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
