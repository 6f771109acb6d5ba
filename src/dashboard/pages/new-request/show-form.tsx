import type { Context } from "hono";
import type { EpochMs } from "../../../domain/time.ts";
import { type ProblemCode, problems } from "../../../http/answers/problem.ts";
import type { Env } from "../../../http/context.ts";
import { linesOf } from "../../../http/requests/purge-request.ts";
import type { RequestDraft } from "../../shared/request-draft.ts";
import { Callout } from "../../ui/callout.tsx";
import { can, type DashboardContext } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { planShareable, type ShareablePlan } from "./plan-shareable.ts";
import { RequestForm } from "./request-form.tsx";
import { type RequestProblem, RequestProblemCallout } from "./request-problem.tsx";
import { Verdicts } from "./verdicts.tsx";

type Shown = {
  readonly draft: RequestDraft;
  readonly changedAt?: EpochMs | undefined;
  readonly problem?: RequestProblem | undefined;
  /** Whether to plan the lines and show the verdicts. */
  readonly isChecked?: boolean;
  /** The form comes back after signing in again. */
  readonly isResumed?: boolean;
};

/** The page with the form as it was typed, and above it why it was not submitted. */
export async function showForm(
  c: Context<Env>,
  dashboard: DashboardContext,
  { draft, changedAt, problem, isChecked, isResumed }: Shown,
) {
  const services = c.get("services");
  const caller = c.get("caller");
  const mayUseWildcards = can(caller, "wildcard");
  const urls = linesOf(draft.urls);
  // A ledger that has just failed is not asked again: the form matters more than the budget beside it.
  const isAway = problem?.kind === "unanswered";
  const [health, planned] = await Promise.all([
    isAway ? undefined : services.ledger.health(),
    isChecked && !isAway ? planShareable(services, { urls, changedAt }) : undefined,
  ]);
  if (problem !== undefined) c.set("problemCode", codeOf(problem));
  const content = (
    <>
      <h1>New request</h1>
      {problem === undefined ? null : (
        <RequestProblemCallout problem={problem} basePath={dashboard.basePath} />
      )}
      {isResumed ? (
        <Callout kind="info">
          <p>You are signed in again. Nothing has been submitted yet: look it over, and submit.</p>
        </Callout>
      ) : null}
      <RequestForm
        basePath={dashboard.basePath}
        draft={draft}
        isUnsent={c.req.method === "POST" && problem?.kind !== "long-ago"}
        endpoints={services.config.endpoints}
        available={health?.budget.available}
        mayUseWildcards={mayUseWildcards}
        isShareable={planned?.isShareable ?? false}
        tally={planned && tallyOf(planned, urls)}
        verdicts={
          planned === undefined ? undefined : (
            <Verdicts
              basePath={dashboard.basePath}
              lines={planned.plan.lines}
              others={planned.others}
              mayUseWildcards={mayUseWildcards}
            />
          )
        }
      />
    </>
  );
  const about = { title: "New request", caller, health, section: "new" } as const;
  const status = problem === undefined ? 200 : problems[codeOf(problem)].status;
  return showPage(c, dashboard, about, content, status);
}

function tallyOf({ plan }: ShareablePlan, urls: readonly string[]) {
  return { lines: urls.length, units: plan.units, availableAfter: plan.availableAfter };
}

function codeOf(problem: RequestProblem): ProblemCode {
  if (problem.kind === "stopped") return codeOf(problem.why);
  return problem.kind === "unanswered" ? problem.code : codes[problem.kind];
}

const codes: Readonly<Record<Exclude<RequestProblem["kind"], "stopped" | "unanswered">, ProblemCode>> = {
  faults: "invalid-body",
  "too-many": "too-many-urls",
  invalid: "invalid-urls",
  forbidden: "forbidden",
  exhausted: "budget-exhausted",
  "long-ago": "idempotency-key-reused",
  "key-reused": "idempotency-key-reused",
};
