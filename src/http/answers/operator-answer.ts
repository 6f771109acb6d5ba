import type { Context } from "hono";
import type { OperatorReply } from "../../ledger/contract.ts";
import type { Env } from "../context.ts";
import { problem } from "./problem.ts";
import { quotaSupport } from "./support-text.ts";
import { budgetView, purgeView } from "./views.ts";

/** What cancel, resend and close have in common: their answers. `allowed` names the states that permit it. */
export function operatorAnswer(c: Context<Env>, reply: OperatorReply, allowed: string): Response {
  switch (reply.outcome) {
    case "done":
      return c.json(purgeView(reply.purge), 200);
    case "forbidden-state": {
      const detail = `The purge is ${reply.purge.state}; this is possible only while it is ${allowed}.`;
      return problem(c, "state-conflict", detail, { state: reply.purge.state });
    }
    case "not-found":
      return noSuchPurge(c);
    case "not-yours":
      return problem(c, "forbidden", "No batch of yours waits for this purge; the scope admin is needed.", {
        scope: "admin",
      });
    case "exhausted":
      return problem(c, "budget-exhausted", "No unit is left this month for another send.", {
        units: 1,
        budget: budgetView(reply.budget),
        support: quotaSupport(reply.budget, 1),
      });
  }
}

export function noSuchPurge(c: Context<Env>): Response {
  return problem(
    c,
    "not-found",
    "There is no purge of this id. Ended purges are kept for the retention time.",
  );
}
