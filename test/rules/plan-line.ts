import type { LineVerdict } from "../../src/domain/verdict.ts";
import { type PlanOptions, planLines } from "../../src/planning/plan-lines.ts";
import type { UrlEndpoint } from "../../src/rules/url-endpoint.ts";

/** An id, the same id with a pattern, a custom domain, and an international one. */
export const endpoints: readonly UrlEndpoint[] = [
  { host: "ik.imagekit.io", path: "/demo" },
  { host: "ik.imagekit.io", path: "/demo/pattern" },
  { host: "images.shop.example", path: "" },
  { host: "xn--bcher-kva.example", path: "" },
];

type Rejected = Extract<LineVerdict, { readonly verdict: "rejected" }>;
type Accepted = Extract<LineVerdict, { readonly verdict: "accepted" }>;

/** The verdict of a line on its own. */
export function planLine(input: string, options: PlanOptions = {}): LineVerdict {
  const [verdict] = planLines([input], endpoints, options);
  if (verdict === undefined) throw new Error("no verdict for a line");
  return verdict;
}

/** What is sent if the caller insists, even if the line is probably a mistake. */
export function acceptedLine(input: string): Accepted {
  const verdict = planLine(input, { onMistake: "send" });
  if (verdict.verdict !== "accepted") throw new Error(`not accepted: ${JSON.stringify(verdict)}`);
  return verdict;
}

export function rejectedLine(input: string): Rejected {
  const verdict = planLine(input);
  if (verdict.verdict !== "rejected") throw new Error(`not rejected: ${JSON.stringify(verdict)}`);
  return verdict;
}

export const warningsOf = (input: string) => acceptedLine(input).warnings.map(({ code }) => code);
export const violationsOf = (input: string) => rejectedLine(input).violations.map(({ code }) => code);
export const suggestionsOf = (input: string) =>
  rejectedLine(input).violations.flatMap(({ suggestion }) => (suggestion === undefined ? [] : [suggestion]));
