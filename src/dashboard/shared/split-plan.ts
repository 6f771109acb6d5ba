import type { RequestPlan } from "../../planning/request-plan.ts";
import { type Part, splitRequest } from "../../planning/split-request.ts";

/** The batches that a plan of the whole form is submitted as. */
export function splitPlan(
  { lines, targets }: RequestPlan,
  options: { readonly mayUseWildcards: boolean },
): readonly Part[] {
  return splitRequest({ lines, covering: targets.filter(({ cover }) => cover !== undefined) }, options);
}
