import type { Purge, RejectedLine } from "../client/client.ts";
import { printable } from "../local/printable.ts";
import { reasonsOf } from "./name-lines.ts";
import { type Cell, type Paint, table } from "./terminal.ts";

/** A line for each purge: its id, state and target, and why it is not cleared. */
export function purgeTable(purges: readonly Purge[], paint: Paint): string {
  return table(
    purges.map(({ id, state, url, error, sendAt, scheduled }) => [
      id,
      stateCell(state),
      url,
      error === null ? (scheduled && state === "queued" ? `not before ${sendAt}` : "") : error.message,
    ]),
    paint,
  );
}

export function stateCell(state: Purge["state"]): Cell {
  switch (state) {
    case "completed":
      return { text: state, style: "green" };
    case "refused":
    case "cancelled":
    case "abandoned":
      return { text: state, style: "red" };
    case "overdue":
    case "unknown":
    case "held":
      return { text: state, style: "yellow" };
    default:
      return state;
  }
}

/** A line that was not sent, with where the user wrote it. */
export type NamedLine = RejectedLine & { readonly source: string };

export function describeRejected(rejected: readonly NamedLine[], paint: Paint): readonly string[] {
  return rejected.map((line) => {
    const why = reasonsOf(line).join(" ");
    return paint("red", printable(`${line.source} was not sent: ${line.input}: ${why}`));
  });
}
