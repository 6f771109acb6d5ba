import { pluralize } from "./words.ts";

/** `3 units an image; 1 if pages used ?tr=`: the same on the server and in the browser. */
export function profilePriceWords(price: {
  readonly units: number;
  readonly unitsWithQuery: number;
}): string {
  const { units, unitsWithQuery } = price;
  const now = `${pluralize(units, "unit")} an image`;
  return unitsWithQuery < units ? `${now}; ${unitsWithQuery} if pages used ?tr=` : now;
}

/** The lines of a field, without blank ones. */
export function linesIn(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
}
