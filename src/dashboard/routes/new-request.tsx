import type { Context } from "hono";
import { runOf } from "../../http/background.ts";
import { idempotencyOf } from "../../http/idempotency.ts";
import type { Env } from "../../http/platform.ts";
import type { ProblemCode } from "../../http/problem.ts";
import { problems } from "../../http/problem.ts";
import { linesOf } from "../../http/purge-request.ts";
import { createRouter } from "../../http/router.ts";
import { submitPurges } from "../../submit-purges.ts";
import type { EpochMs } from "../../time.ts";
import { can, type Desk, linkTo, requirePerson } from "../desk.ts";
import { readForm } from "../form.ts";
import { showPage } from "../page.tsx";
import { RequestForm } from "../parts/request-form.tsx";
import { type RequestProblem, RequestProblemCallout } from "../parts/request-problem.tsx";
import { Verdicts } from "../parts/verdicts.tsx";
import { type PlanWithOthers, planWithOthers } from "../plan-with-others.ts";
import {
  canonicalBytes,
  checkTyped,
  emptyRequest,
  faultWords,
  isFormKey,
  type TypedRequest,
  typedRequest,
} from "../typed-request.ts";

/**
 * A form whose key stands in its address, so that going back and submitting again is the same submission. `Check` says
 * what would happen; `Submit` does it and leads to the batch.
 */
export function newRequestRoute(desk: Desk) {
  const freshKey = () => desk.services.makeId("o");
  return createRouter()
    .get("/new", requirePerson(desk, "purge"), async (c) => {
      const key = c.req.query("form") ?? "";
      if (!isFormKey(key)) return c.redirect(linkTo(desk, `/new?form=${freshKey()}`), 303);
      return showForm(c, desk, { typed: emptyRequest(key) });
    })
    .post("/new", requirePerson(desk, "purge"), async (c) => {
      const fields = await readForm(c, desk);
      if (fields instanceof Response) return fields;
      const typed = typedRequest(fields, freshKey);
      const checked = checkTyped(typed, desk.services.clock);
      if ("tooMany" in checked) {
        return showForm(c, desk, { typed, problem: { kind: "too-many", count: checked.tooMany } });
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
      switch (reply.outcome) {
        case "replayed": {
          const { id, createdAt } = reply.batch;
          if (desk.services.clock.now() - createdAt < sameSubmissionMs) {
            return c.redirect(linkTo(desk, `/batches/${id}`), 303);
          }
          const fresh = { ...typed, key: freshKey() };
          const problem = { kind: "long-ago", batchId: id, at: createdAt } as const;
          return showForm(c, desk, { typed: fresh, changedAt, problem, isChecked: true });
        }
        case "accepted":
          return c.redirect(linkTo(desk, `/batches/${reply.batch.id}`), 303);
        case "invalid": {
          const lines = reply.lines.flatMap(({ line, verdict }) => (verdict === "rejected" ? [line] : []));
          const problem = { kind: "invalid", lines, isSkipping: typed.isSkipping } as const;
          return showForm(c, desk, { typed, changedAt, problem, isChecked: true });
        }
        case "forbidden": {
          const problem = { kind: "forbidden", lines: reply.lines } as const;
          return showForm(c, desk, { typed, changedAt, problem, isChecked: true });
        }
        case "exhausted": {
          const problem = { kind: "exhausted", units: reply.units, budget: reply.budget } as const;
          return showForm(c, desk, { typed, changedAt, problem, isChecked: true });
        }
        case "key-reused": {
          const fresh = { ...typed, key: freshKey() };
          return showForm(c, desk, {
            typed: fresh,
            changedAt,
            problem: { kind: "key-reused" },
            isChecked: true,
          });
        }
      }
    });
}

/** A second click, a reload, a way back; later the same lines are probably meant to be purged again. */
const sameSubmissionMs = 10 * 60_000;

type Shown = {
  readonly typed: TypedRequest;
  readonly changedAt?: EpochMs | undefined;
  readonly problem?: RequestProblem | undefined;
  /** The lines can be planned, and what that says is shown. */
  readonly isChecked?: true;
};

const codes: Readonly<Record<RequestProblem["kind"], ProblemCode>> = {
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
  if (problem !== undefined) c.set("problemCode", codes[problem.kind]);
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
  return showPage(
    c,
    desk,
    about,
    content,
    problem === undefined ? 200 : problems[codes[problem.kind]].status,
  );
}

function tallyOf({ plan }: PlanWithOthers, urls: readonly string[]) {
  return { lines: urls.length, units: plan.units, availableAfter: plan.availableAfter };
}
