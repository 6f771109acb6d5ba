import { styleText } from "node:util";
import { printable } from "../local/printable.ts";
import type { Output } from "./streams.ts";

type Style = "bold" | "dim" | "green" | "yellow" | "red";

/** Colours a text on a terminal that has colours. NO_COLOR forbids it, FORCE_COLOR demands it. */
export type Paint = (style: Style, text: string) => string;

export function painter(stream: Output): Paint {
  return (style, text) => styleText(style, text, { stream });
}

/** A cell's text, and how it is painted. */
export type Cell = string | { readonly text: string; readonly style: Style };

/** Rows as lines with aligned columns. What moves a cursor is escaped. */
export function table(rows: readonly (readonly Cell[])[], paint: Paint): string {
  const texts = rows.map((row) => row.map((cell) => printable(typeof cell === "string" ? cell : cell.text)));
  const widths: number[] = [];
  for (const row of texts) {
    for (const [column, text] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, text.length);
  }
  return texts
    .map((row, n) =>
      row
        .map((text, column) => {
          const cell = rows[n]?.[column];
          const padded = column === row.length - 1 ? text : text.padEnd(widths[column] ?? 0);
          return typeof cell === "object" ? paint(cell.style, padded) : padded;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : noun.endsWith("ch") ? "es" : "s"}`;
}
