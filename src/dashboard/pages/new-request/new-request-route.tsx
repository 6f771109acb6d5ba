import type { Context } from "hono";
import { runOf } from "../../../http/background.ts";
import { idempotencyOf } from "../../../http/idempotency.ts";
import type { Env } from "../../../http/platform.ts";
import type { ProblemCode } from "../../../http/problem.ts";
import { problems } from "../../../http/problem.ts";
import { linesOf } from "../../../http/purge-request.ts";
import { createRouter } from "../../../http/router.ts";
import { type SubmitReply, submitPurges } from "../../../submit-purges.ts";
import type { EpochMs } from "../../../time.ts";
import { mostLines } from "../../shared/several-batches.ts";
import { can, type Desk, linkTo, requirePerson } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { readForm } from "../../ui/read-form.ts";
import { severalPath } from "../batches/several-batches.ts";
import {
  canonicalBytes,
  checkTyped,
  emptyRequest,
  faultWords,
  isFormKey,
  type TypedRequest,
  typedRequest,
} from "./draft.ts";
import { type PlanWithOthers, planWithOthers } from "./plan-shareable.ts";
import { RequestForm } from "./request-form.tsx";
import { type RequestProblem, RequestProblemCallout } from "./request-problem.tsx";
import { sampleRequest } from "./sample-request.ts";
import { submitSplit } from "./submit-batches.ts";
import { Verdicts } from "./verdicts.tsx";

/**
 * A form whose key stands in its address, so that going back and submitting again is the same submission. `Check` says
 * what would happen; `Submit` does it and leads to the batch.
 */
export function newRequestRoute(desk: Desk) {
  const freshKey = () => desk.services.makeId("o");
  return createRouter()
    .get("/new", requirePerson(desk, "purge"), async (c) => {
      const key = c.req.query("form") ?? "";
      const isSample = c.req.query("sample") !== undefined;
      if (!isFormKey(key)) {
        return c.redirect(linkTo(desk, `/new?form=${freshKey()}${isSample ? "&sample" : ""}`), 303);
      }
      const { imagekit, endpoints } = desk.services.config;
      const [endpoint] = endpoints;
      if (!isSample || imagekit.kind !== "simulated" || endpoint === undefined) {
        return showForm(c, desk, { typed: emptyRequest(key) });
      }
      return showForm(c, desk, { typed: sampleRequest(key, endpoint), isChecked: true });
    })
    .post("/new", requirePerson(desk, "purge"), async (c) => {
      const fields = await readForm(c, desk);
      if (fields instanceof Response) return fields;
      const typed = typedRequest(fields, freshKey);
      if (fields.get("intent") === "split") return submitAsSeveral(c, desk, { typed, freshKey });
      const checked = checkTyped(typed, desk.services.clock);
      if ("tooMany" in checked) {
        const count = checked.tooMany;
        const problem = { kind: "too-many", count } as const;
        return showForm(c, desk, { typed, problem, ...(count <= mostLines && { isChecked: true }) });
      }
      if ("faults" in checked) {
        const sentences = checked.faults.map(faultWords);
        return showForm(c, desk, { typed, problem: { kind: "faults", sentences } });
      }
      const { changedAt } = checked.request;
      if (fields.get("intent") !== "submit") return showForm(c, desk, { typed, changedAt, isChecked: true });

      const idempotency = await idempotencyOf(c.get("caller"), typed.key, canonicalBytes(typed));
      const submission = { ...checked.request, idempotency };
      const reply = await submitPurges(c.get("services"), c.get("caller"), submission, runOf(c));
      const isDone =
        reply.outcome === "accepted" ||
        (reply.outcome === "replayed" && isRecent(desk)(reply.batch.createdAt));
      if (isDone) return c.redirect(linkTo(desk, `/batches/${reply.batch.id}`), 303);
      const problem = problemOf(reply, typed);
      // What was submitted under the key before stands; from here on this is another submission.
      const isUsed = problem.kind === "long-ago" || problem.kind === "key-reused";
      const next = isUsed ? { ...typed, key: freshKey() } : typed;
      return showForm(c, desk, { typed: next, changedAt, problem, isChecked: true });
    });
}

/** A second click, a reload, a way back; later the same lines are probably meant to be purged again. */
const sameSubmissionMs = 10 * 60_000;

function isRecent(desk: Desk): (createdAt: EpochMs) => boolean {
  return (createdAt) => desk.services.clock.now() - createdAt < sameSubmissionMs;
}

/** More lines than a batch takes, as several batches; leads to all of them, or says where it stopped. */
async function submitAsSeveral(
  c: Context<Env>,
  desk: Desk,
  { typed, freshKey }: { readonly typed: TypedRequest; readonly freshKey: () => string },
): Promise<Response> {
  const first = checkTyped({ ...typed, urls: linesOf(typed.urls)[0] ?? "" }, desk.services.clock);
  if ("faults" in first) {
    return showForm(c, desk, { typed, problem: { kind: "faults", sentences: first.faults.map(faultWords) } });
  }
  const changedAt = "request" in first ? first.request.changedAt : undefined;
  const options = { run: runOf(c), isRecent: isRecent(desk) };
  const reply = await submitSplit(c.get("services"), c.get("caller"), typed, options);
  switch (reply.outcome) {
    case "accepted":
      return c.redirect(severalPath(desk.basePath, reply.batchIds), 303);
    case "too-many":
      return showForm(c, desk, { typed, problem: { kind: "too-many", count: reply.count } });
    case "wildcards": {
      const problem = { kind: "forbidden", lines: reply.lines } as const;
      return showForm(c, desk, { typed, changedAt, problem, isChecked: true });
    }
    case "invalid":
      return showForm(c, desk, { typed, changedAt, problem: problemOf(reply, typed), isChecked: true });
    case "stopped": {
      const { batchIds, batches, left } = reply;
      const why = problemOf(reply.reply, typed);
      const problem = batchIds.length === 0 ? why : ({ kind: "stopped", batchIds, batches, why } as const);
      const rest = { ...typed, key: freshKey(), urls: left.join("\n") };
      return showForm(c, desk, { typed: rest, changedAt, problem, isChecked: true });
    }
  }
}

function problemOf(reply: SubmitReply, { isSkipping }: TypedRequest): RequestProblem {
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
  readonly typed: TypedRequest;
  readonly changedAt?: EpochMs | undefined;
  readonly problem?: RequestProblem | undefined;
  /** The lines can be planned, and what that says is shown. */
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

async function showForm(c: Context<Env>, desk: Desk, { typed, changedAt, problem, isChecked }: Shown) {
  const services = c.get("services");
  const caller = c.get("caller");
  const mayUseWildcards = can(caller, "wildcard");
  const urls = linesOf(typed.urls);
  const [health, planned] = await Promise.all([
    services.ledger.health(),
    isChecked ? planWithOthers(services, { urls, changedAt }) : undefined,
  ]);
  if (problem !== undefined) c.set("problemCode", codeOf(problem));
  const content = (
    <>
      <h1>New request</h1>
      {problem === undefined ? null : <RequestProblemCallout problem={problem} basePath={desk.basePath} />}
      <RequestForm
        basePath={desk.basePath}
        typed={typed}
        endpoints={services.config.endpoints}
        available={health.budget.available}
        mayUseWildcards={mayUseWildcards}
        isShareable={planned?.isShareable ?? false}
        tally={planned && tallyOf(planned, urls)}
        verdicts={
          planned === undefined ? undefined : (
            <Verdicts
              basePath={desk.basePath}
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
  return showPage(c, desk, about, content, problem === undefined ? 200 : problems[codeOf(problem)].status);
}

function tallyOf({ plan }: PlanWithOthers, urls: readonly string[]) {
  return { lines: urls.length, units: plan.units, availableAfter: plan.availableAfter };
}
