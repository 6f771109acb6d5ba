import type { Context } from "hono";
import type { Budget } from "../../../domain/batch.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { type ProblemCode, problems } from "../../../http/answers/problem.ts";
import type { Env } from "../../../http/context.ts";
import { linesOf } from "../../../http/requests/purge-request.ts";
import { type BudgetNow, countLines } from "../../shared/count-lines.ts";
import type { RequestDraft } from "../../shared/request-draft.ts";
import { mistakePolicy } from "../../shared/send-anyway.ts";
import { Callout } from "../../ui/callout.tsx";
import { can, type DashboardContext } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { dateIn } from "../../ui/time.tsx";
import { planShareable } from "./plan-shareable.ts";
import { RequestForm } from "./request-form.tsx";
import { type RequestProblem, RequestProblemCallout } from "./request-problem.tsx";
import { TakenNote, type TakenUrls } from "./take-urls.tsx";
import { Verdicts } from "./verdicts.tsx";

type Shown = {
  readonly draft: RequestDraft;
  readonly changedAt?: EpochMs | undefined;
  readonly problem?: RequestProblem | undefined;
  /** Whether to plan the lines and show the verdicts. */
  readonly isChecked?: boolean;
  /** The form comes back after signing in again. */
  readonly isResumed?: boolean;
  /** The lines were found in the text that was entered. */
  readonly taken?: TakenUrls | undefined;
};

/** The page with the form as it was typed, and above it why it was not submitted. */
export async function showForm(
  c: Context<Env>,
  dashboard: DashboardContext,
  { draft, changedAt, problem, isChecked, isResumed, taken }: Shown,
) {
  const services = c.get("services");
  const caller = c.get("caller");
  const mayUseWildcards = can(caller, "wildcard");
  const urls = linesOf(draft.urls);
  // A ledger that has just failed is not asked again: the form matters more than the budget beside it.
  const isAway = problem?.kind === "unanswered";
  const [health, planned] = await Promise.all([
    isAway ? undefined : services.ledger.health(),
    isChecked && !isAway
      ? planShareable(services, { urls, changedAt, onMistake: mistakePolicy(new Set(draft.anyway)) })
      : undefined,
  ]);
  const { timeZone } = services.config.policy;
  const budget = health && budgetNow(health.budget, timeZone);
  const counts =
    planned && countLines(planned.plan.lines, { mayUseWildcards, isHolding: draft.isHolding, budget });
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
      {taken === undefined ? null : <TakenNote {...taken} basePath={dashboard.basePath} />}
      <RequestForm
        basePath={dashboard.basePath}
        draft={draft}
        isUnsent={c.req.method === "POST" && problem?.kind !== "long-ago"}
        endpoints={services.config.endpoints}
        budget={budget}
        timeZone={timeZone}
        mayUseWildcards={mayUseWildcards}
        isShareable={planned?.isShareable ?? false}
        tally={counts && { lines: urls.length, counts }}
        verdicts={
          planned === undefined || counts === undefined ? undefined : (
            <Verdicts
              basePath={dashboard.basePath}
              lines={planned.plan.lines}
              others={planned.others}
              counts={counts}
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

function budgetNow({ available, held, quota, resetsAt }: Budget, timeZone: string): BudgetNow {
  return { available, held, quota, resetsOn: dateIn(timeZone, resetsAt) };
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
