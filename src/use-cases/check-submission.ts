import type { Caller, Scope } from "../domain/caller.ts";
import type { StoredProfile } from "../domain/profile.ts";
import type { LineVerdict } from "../domain/verdict.ts";
import type { PlanningContext, RequestPlan } from "../planning/request-plan.ts";
import type { Services } from "../services.ts";

export type SubmissionCheck =
  | { readonly outcome: "acceptable" }
  /** No line is acceptable, or one is not and `onInvalid` is `reject`. */
  | { readonly outcome: "invalid"; readonly lines: readonly LineVerdict[] }
  /** The caller lacks the scope for these lines, and for these folders. */
  | {
      readonly outcome: "forbidden";
      readonly scope: Scope;
      readonly lines: readonly number[];
      readonly cover: readonly string[];
    };

/** What the planner must know of the shop and the caller. */
export function planningContext(
  { config }: Services,
  caller: Caller,
  profiles: readonly StoredProfile[],
): PlanningContext {
  return { endpoints: config.endpoints, profiles, mayUseWildcards: caller.scopes.includes("wildcard") };
}

/**
 * Whether this caller may submit what was planned. Wildcards of URL lines and of folders need the scope `wildcard`. A
 * wildcard that was made for an image clears that one file, so it does not.
 */
export function checkSubmission(
  plan: RequestPlan,
  caller: Caller,
  { onInvalid, cover = [] }: { readonly onInvalid: "reject" | "skip"; readonly cover?: readonly string[] },
): SubmissionCheck {
  const { lines } = plan;
  const isRejected = onInvalid === "reject" && lines.some(({ verdict }) => verdict === "rejected");
  if (isRejected || plan.targets.length === 0) return { outcome: "invalid", lines };
  const wildcards = lines.flatMap((line) =>
    line.verdict === "accepted" && line.kind === "wildcard" ? [line.line] : [],
  );
  const needsScope = wildcards.length > 0 || cover.length > 0;
  if (needsScope && !caller.scopes.includes("wildcard")) {
    return { outcome: "forbidden", scope: "wildcard", lines: wildcards, cover };
  }
  return { outcome: "acceptable" };
}
