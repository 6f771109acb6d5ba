import type { Context } from "hono";
import type { EpochMs } from "../../../domain/time.ts";
import { type ProblemCode, problems } from "../../../http/answers/problem.ts";
import type { Env } from "../../../http/context.ts";
import { runOf } from "../../../http/context.ts";
import { idempotencyOf } from "../../../http/requests/idempotency.ts";
import { linesOf } from "../../../http/requests/purge-request.ts";
import { createRouter } from "../../../http/router.ts";
import { type SubmitReply, submitPurges } from "../../../use-cases/submit-purges.ts";
import { batchesPath, mostLines } from "../../shared/several-batches.ts";
import { can, type DashboardContext, linkTo } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { readForm } from "../../ui/read-form.ts";
import { requirePerson } from "../../ui/require-person.ts";
import {
  canonicalBytes,
  checkDraft,
  describeFault,
  emptyDraft,
  isFormKey,
  type RequestDraft,
  readDraft,
  sampleDraft,
} from "./draft.ts";
import { planShareable, type ShareablePlan } from "./plan-shareable.ts";
import { RequestForm } from "./request-form.tsx";
import { type RequestProblem, RequestProblemCallout } from "./request-problem.tsx";
import { submitAsBatches } from "./submit-batches.ts";
import { Verdicts } from "./verdicts.tsx";

/**
 * The form of a new request. Its key is part of its address, so that going back and submitting again is the same
 * submission. `Check` shows what would happen; `Submit` does it and leads to the batch.
 */
export function newRequestPageRoute(dashboard: DashboardContext) {
  const freshKey = () => dashboard.services.makeId("o");
  return createRouter()
    .get("/new", requirePerson(dashboard, "purge"), async (c) => {
      const key = c.req.query("form") ?? "";
      const isSample = c.req.query("sample") !== undefined;
      if (!isFormKey(key)) {
        return c.redirect(linkTo(dashboard, `/new?form=${freshKey()}${isSample ? "&sample" : ""}`), 303);
      }
      const { imagekit, endpoints } = dashboard.services.config;
      const [endpoint] = endpoints;
      if (!isSample || imagekit.kind !== "simulated" || endpoint === undefined) {
        return showForm(c, dashboard, { draft: emptyDraft(key) });
      }
      return showForm(c, dashboard, { draft: sampleDraft(key, endpoint), isChecked: true });
    })
    .post("/new", requirePerson(dashboard, "purge"), async (c) => {
      const fields = await readForm(c, dashboard);
      if (fields instanceof Response) return fields;
      const draft = readDraft(fields, freshKey);
      if (fields.get("intent") === "split") return submitAsSeveral(c, dashboard, { draft, freshKey });
      const checked = checkDraft(draft, dashboard.services.clock);
      if ("tooMany" in checked) {
        const count = checked.tooMany;
        const problem = { kind: "too-many", count } as const;
        return showForm(c, dashboard, { draft, problem, ...(count <= mostLines && { isChecked: true }) });
      }
      if ("faults" in checked) {
        const sentences = checked.faults.map(describeFault);
        return showForm(c, dashboard, { draft, problem: { kind: "faults", sentences } });
      }
      const { changedAt } = checked.request;
      if (fields.get("intent") !== "submit")
        return showForm(c, dashboard, { draft, changedAt, isChecked: true });

      const idempotency = await idempotencyOf(c.get("caller"), draft.key, canonicalBytes(draft));
      const submission = { ...checked.request, idempotency };
      const reply = await submitPurges(c.get("services"), c.get("caller"), submission, runOf(c));
      const isDone =
        reply.outcome === "accepted" ||
        (reply.outcome === "replayed" && isRecent(dashboard)(reply.batch.createdAt));
      if (isDone) return c.redirect(linkTo(dashboard, `/batches/${reply.batch.id}`), 303);
      const problem = problemOf(reply, draft);
      // The earlier submission under this key stands. Submitting again needs a new key.
      const isUsed = problem.kind === "long-ago" || problem.kind === "key-reused";
      const next = isUsed ? { ...draft, key: freshKey() } : draft;
      return showForm(c, dashboard, { draft: next, changedAt, problem, isChecked: true });
    });
}

/**
 * Within this time it is a second click, a reload or a step back. Later, the reader probably means to purge again.
 */
const sameSubmissionMs = 10 * 60_000;

function isRecent(dashboard: DashboardContext): (createdAt: EpochMs) => boolean {
  return (createdAt) => dashboard.services.clock.now() - createdAt < sameSubmissionMs;
}

/** Submits more lines than fit in a batch as several batches. Leads to all of them, or says where it stopped. */
async function submitAsSeveral(
  c: Context<Env>,
  dashboard: DashboardContext,
  { draft, freshKey }: { readonly draft: RequestDraft; readonly freshKey: () => string },
): Promise<Response> {
  const first = checkDraft({ ...draft, urls: linesOf(draft.urls)[0] ?? "" }, dashboard.services.clock);
  if ("faults" in first) {
    return showForm(c, dashboard, {
      draft,
      problem: { kind: "faults", sentences: first.faults.map(describeFault) },
    });
  }
  const changedAt = "request" in first ? first.request.changedAt : undefined;
  const options = { run: runOf(c), isRecent: isRecent(dashboard) };
  const reply = await submitAsBatches(c.get("services"), c.get("caller"), draft, options);
  switch (reply.outcome) {
    case "accepted":
      return c.redirect(batchesPath(dashboard.basePath, reply.batchIds), 303);
    case "too-many":
      return showForm(c, dashboard, { draft, problem: { kind: "too-many", count: reply.count } });
    case "forbidden":
    case "invalid":
      return showForm(c, dashboard, { draft, changedAt, problem: problemOf(reply, draft), isChecked: true });
    case "stopped": {
      const { batchIds, batches, left } = reply;
      const why = problemOf(reply.reply, draft);
      const problem = batchIds.length === 0 ? why : ({ kind: "stopped", batchIds, batches, why } as const);
      const rest = { ...draft, key: freshKey(), urls: left.join("\n") };
      return showForm(c, dashboard, { draft: rest, changedAt, problem, isChecked: true });
    }
  }
}

function problemOf(reply: SubmitReply, { isSkipping }: RequestDraft): RequestProblem {
  switch (reply.outcome) {
    case "accepted":
    case "replayed":
      return { kind: "long-ago", batchId: reply.batch.id, at: reply.batch.createdAt };
    case "invalid": {
      const lines = reply.lines.flatMap(({ line, verdict }) => (verdict === "rejected" ? [line] : []));
      return { kind: "invalid", lines, isSkipping };
    }
    case "forbidden":
      return { kind: "forbidden", lines: reply.lines };
    case "exhausted":
      return { kind: "exhausted", units: reply.units, budget: reply.budget };
    case "key-reused":
      return { kind: "key-reused" };
  }
}

type Shown = {
  readonly draft: RequestDraft;
  readonly changedAt?: EpochMs | undefined;
  readonly problem?: RequestProblem | undefined;
  /** Whether to plan the lines and show the verdicts. */
  readonly isChecked?: true;
};

function codeOf(problem: RequestProblem): ProblemCode {
  return problem.kind === "stopped" ? codeOf(problem.why) : codes[problem.kind];
}

const codes: Readonly<Record<Exclude<RequestProblem["kind"], "stopped">, ProblemCode>> = {
  faults: "invalid-body",
  "too-many": "too-many-urls",
  invalid: "invalid-urls",
  forbidden: "forbidden",
  exhausted: "budget-exhausted",
  "long-ago": "idempotency-key-reused",
  "key-reused": "idempotency-key-reused",
};

async function showForm(
  c: Context<Env>,
  dashboard: DashboardContext,
  { draft, changedAt, problem, isChecked }: Shown,
) {
  const services = c.get("services");
  const caller = c.get("caller");
  const mayUseWildcards = can(caller, "wildcard");
  const urls = linesOf(draft.urls);
  const [health, planned] = await Promise.all([
    services.ledger.health(),
    isChecked ? planShareable(services, { urls, changedAt }) : undefined,
  ]);
  if (problem !== undefined) c.set("problemCode", codeOf(problem));
  const content = (
    <>
      <h1>New request</h1>
      {problem === undefined ? null : (
        <RequestProblemCallout problem={problem} basePath={dashboard.basePath} />
      )}
      <RequestForm
        basePath={dashboard.basePath}
        draft={draft}
        endpoints={services.config.endpoints}
        available={health.budget.available}
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
  return showPage(
    c,
    dashboard,
    about,
    content,
    problem === undefined ? 200 : problems[codeOf(problem)].status,
  );
}

function tallyOf({ plan }: ShareablePlan, urls: readonly string[]) {
  return { lines: urls.length, units: plan.units, availableAfter: plan.availableAfter };
}
