import { planLines } from "../../../rules/plan.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import type { PlannedLine } from "../../shared/describe-line.ts";
import { typedLines } from "./typed-lines.ts";

export type JudgedLines = {
  readonly lines: readonly PlannedLine[];
  /** What the rules accept: as typed, and the target that it means. Each target is there once. */
  readonly targets: readonly { readonly line: number; readonly url: string; readonly typed: string }[];
};

/** What the rules say of a text, and of each target what the server last said that it joins. */
export function judgeLines(
  text: string,
  endpoints: readonly UrlEndpoint[],
  joins: ReadonlyMap<string, string>,
): JudgedLines {
  const typed = typedLines(text).map((line) => line.text);
  const verdicts = planLines(typed, endpoints);
  return {
    targets: verdicts.flatMap((verdict) =>
      verdict.verdict === "accepted" ? [{ line: verdict.line, url: verdict.url, typed: verdict.input }] : [],
    ),
    lines: verdicts.map((verdict): PlannedLine => {
      const purgeId = verdict.verdict === "accepted" ? joins.get(verdict.url) : undefined;
      if (purgeId === undefined) return verdict;
      return { line: verdict.line, input: verdict.input, verdict: "joined", purgeId };
    }),
  };
}
