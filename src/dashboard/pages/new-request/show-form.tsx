import type { Context } from "hono";
import type { Budget } from "../../../domain/batch.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { type ProblemCode, problems } from "../../../http/answers/problem.ts";
import type { Env } from "../../../http/context.ts";
import { maximumLines, maximumPurges } from "../../../rules/limits.ts";
import { planningContext } from "../../../use-cases/check-submission.ts";
import { type BudgetNow, countLines } from "../../shared/count-lines.ts";
import { describeCovers } from "../../shared/cover-words.ts";
import { countPurges } from "../../shared/joinable-lines.ts";
import { guessWords, inTypedOrder } from "../../shared/naming.ts";
import type { RequestDraft } from "../../shared/request-draft.ts";
import { mistakePolicy } from "../../shared/send-anyway.ts";
import { offerWholeImages } from "../../shared/whole-images.ts";
import { Callout } from "../../ui/callout.tsx";
import { can, type DashboardContext } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { dateIn } from "../../ui/time.tsx";
import { namedIn } from "./draft.ts";
import { planShareable } from "./plan-shareable.ts";
import { RequestForm } from "./request-form.tsx";
import { type RequestProblem, RequestProblemCallout } from "./request-problem.tsx";
import { TakenNote, type TakenUrls } from "./take-urls.tsx";
import { Verdicts } from "./verdicts.tsx";

type Shown = {
  readonly draft: RequestDraft;
  readonly changedAt?: EpochMs | undefined;
  readonly sendAfter?: EpochMs | undefined;
  readonly problem?: RequestProblem | undefined;
  /** Whether to plan the lines and show the verdicts. */
  readonly isChecked?: boolean;
  /** The form comes back after signing in again. */
  readonly isResumed?: boolean;
  /** The lines were found in the text that was entered. */
  readonly taken?: TakenUrls | undefined;
};

/** The page with the form as it was typed, and above it why it was not submitted. */
export async function showForm(c: Context<Env>, dashboard: DashboardContext, shown: Shown) {
  const { draft, isResumed, taken } = shown;
  const services = c.get("services");
  const caller = c.get("caller");
  const mayUseWildcards = can(caller, "wildcard");
  const named = namedIn(draft);
  // A ledger that has just failed is not asked again: the form matters more than the budget beside it.
  const isAway = shown.problem?.kind === "unanswered";
  const [health, profiles, planned] = await Promise.all([
    isAway ? undefined : services.ledger.health(),
    isAway ? [] : profilesOf(c),
    shown.isChecked && !isAway ? planDraft(c, shown) : undefined,
  ]);
  const { timeZone } = services.config.policy;
  const budget = health && budgetNow(health.budget, timeZone);
  const tooMany = planned !== undefined && "outcome" in planned ? planned : undefined;
  const problem: RequestProblem | undefined =
    shown.problem ?? (tooMany && { kind: "too-many-targets", count: tooMany.count, limit: tooMany.limit });
  const ready = planned !== undefined && "plan" in planned ? planned : undefined;
  const lines = ready && inTypedOrder(ready.plan.lines, named);
  const covers = ready?.plan.cover ?? [];
  const counts = lines && countLines(lines, { mayUseWildcards, isHolding: draft.isHolding, budget, covers });
  const count = named.places.length;
  const isMany = count > maximumLines || (lines !== undefined && countPurges(lines, covers) > maximumPurges);
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
        profiles={profiles}
        guess={guessWords(named, draft.naming)}
        budget={budget}
        timeZone={timeZone}
        mayUseWildcards={mayUseWildcards}
        isShareable={ready?.isShareable ?? false}
        tally={counts && { lines: count, counts, isMany }}
        verdicts={
          ready === undefined || lines === undefined || counts === undefined ? undefined : (
            <Verdicts
              basePath={dashboard.basePath}
              lines={lines}
              others={placed(ready.others, named.places)}
              counts={counts}
              mayUseWildcards={mayUseWildcards}
              covers={describeCovers({
                accepted: draft.cover,
                planned: covers,
                offers: ready.plan.covers,
                mayUseWildcards,
              })}
              wholeImages={offerWholeImages(named, draft.naming, planningContext(services, caller, profiles))}
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

/** The profiles in force; the script plans with them too. */
async function profilesOf(c: Context<Env>) {
  const prepared = await c.get("services").ledger.prepare({});
  return prepared.outcome === "new" ? prepared.profiles : [];
}

function planDraft(c: Context<Env>, { draft, changedAt, sendAfter }: Shown) {
  const { urls, images } = namedIn(draft);
  const onMistake = mistakePolicy(new Set(draft.anyway));
  const request = { urls, images, cover: draft.cover, changedAt, sendAfter, onMistake };
  return planShareable(c.get("services"), c.get("caller"), request);
}

/** By the lines as typed instead of as planned. */
function placed<T>(byLine: ReadonlyMap<number, T>, places: readonly number[]): ReadonlyMap<number, T> {
  return new Map([...byLine].map(([line, value]) => [places[line - 1] ?? line, value]));
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
  "too-many-targets": "too-many-targets",
  invalid: "invalid-urls",
  forbidden: "forbidden",
  exhausted: "budget-exhausted",
  "long-ago": "idempotency-key-reused",
  "key-reused": "idempotency-key-reused",
  "out-of-time": "rate-limited",
};
