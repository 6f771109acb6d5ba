import { partsOfPath } from "./path.ts";
import { blankOut, rangesOf } from "./transformation-tracker.ts";

/** A URL that is under an endpoint, in its canonical form, in the parts that the rules about its content look at. */
export type CheckedUrl = {
  readonly kind: "exact" | "wildcard";
  /** The URL up to the end of the endpoint. */
  readonly endpoint: string;
  /** The path after the endpoint, and the query with its `?`; without a wildcard's final `*`. */
  readonly path: string;
  readonly query: string;
  /** The path without its transformations, and these. */
  readonly plainPath: string;
  readonly transformations: readonly string[];
  /** Path and query with an `x` for each character of a transformation, in which anything may stand. */
  readonly blankedPath: string;
  readonly blankedQuery: string;
  /** What follows the `#`, with it, as written: it is never sent. */
  readonly fragment: string;
  /** Path, query and fragment with the percent-encoding of brackets, quotation marks, spaces, # and % undone. */
  readonly legible: string;
};

type Given = Pick<CheckedUrl, "kind" | "endpoint" | "path" | "query"> & { readonly fragment?: string };

export function checkedUrl({ kind, endpoint, path, query, fragment = "" }: Given): CheckedUrl {
  const whole = path + query;
  const ranges = rangesOf("transformations", whole);
  const { plain, transformations } = partsOfPath(
    path,
    ranges.filter(({ start }) => start < path.length),
  );
  const blanked = blankOut(whole, ranges);
  // Not with a spread: measured, that costs Node 20 more than all the rest (11 µs a line).
  return {
    kind,
    endpoint,
    path,
    query,
    fragment,
    plainPath: plain,
    transformations,
    blankedPath: blanked.slice(0, path.length),
    blankedQuery: blanked.slice(path.length),
    legible: decodeBrackets(whole + fragment),
  };
}

function decodeBrackets(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%(?:25)*(2[02345789]|3a|3c|3e|5b|5d|60|7b|7d)/giu, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
