import type { StormResult } from "./judge.ts";

const columns: readonly (readonly [string, (result: StormResult) => number])[] = [
  ["seed", ({ seed }) => seed],
  ["accepted", ({ accepted }) => accepted],
  ["terminal", ({ terminal }) => terminal],
  ["alarmed", ({ alarmed }) => alarmed],
  ["lost", ({ lost }) => lost],
  ["arrivals", ({ arrivals }) => arrivals],
  ["taken", ({ taken }) => taken],
  ["charged", ({ charged }) => charged],
  ["over", ({ overCharged }) => overCharged],
  ["2nd:asked", ({ doubles }) => doubles.askedAgain],
  ["2nd:resent", ({ doubles }) => doubles.resent],
  ["2nd:silent", ({ doubles }) => doubles.unexplained],
  ["broken", ({ findings }) => findings.length],
  ["ms", ({ durationMs }) => durationMs],
];

/** What the columns mean, for readers of the table in a CI log. */
export const legend = `
accepted   purges that a caller was promised (202)
alarmed    still open at the end, with an alarm in health
lost       promised and gone, or open without an alarm: must be 0
arrivals   POSTs that reached ImageKit; taken: those that it accepted; charged: units that the ledger counts for them
over       charged beyond what was taken: answers that never came, resends, refusals where they are set to cost
2nd:…      further purges of one URL that ImageKit took: requested again, resent once for a second unit, silent (must be 0)
broken     guarantees that did not hold: must be 0`;

export function header(): string {
  return columns.map(([name]) => name.padStart(Math.max(name.length, 8))).join(" ");
}

export function row(result: StormResult): string {
  return columns.map(([name, value]) => String(value(result)).padStart(Math.max(name.length, 8))).join(" ");
}

/** The sums of all rows, with `seeds` in place of the seed. */
export function totals(results: readonly StormResult[]): string {
  return columns
    .map(([name, value]) => {
      const sum = results.reduce((total, result) => total + value(result), 0);
      return (name === "seed" ? "sum" : String(sum)).padStart(Math.max(name.length, 8));
    })
    .join(" ");
}
