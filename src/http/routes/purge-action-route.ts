import type { Context } from "hono";
import type { Caller, Scope } from "../../domain/caller.ts";
import { idPattern } from "../../domain/ids.ts";
import type { Ledger, OperatorReply } from "../../ledger/contract.ts";
import type { Services } from "../../services.ts";
import { problem } from "../answers/problem.ts";
import { quotaSupport } from "../answers/support-text.ts";
import { budgetView, purgeView } from "../answers/views.ts";
import type { Env } from "../context.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Route } from "../openapi/description.ts";
import { createRouter } from "../router.ts";

/** A route that cancels, resends or closes one purge. `allowed` names the states that permit it. */
export function purgeActionRoute(
  services: Services,
  { path, scope }: Route & { readonly scope: Scope },
  allowed: string,
  act: (ledger: Ledger, id: string, caller: Caller) => Promise<OperatorReply>,
) {
  return createRouter().post(path, requireScope(services, scope), async (c) => {
    const id = c.req.param("id") ?? "";
    if (!idPattern("p").test(id)) return noSuchPurge(c);
    return purgeActionAnswer(c, await act(c.get("services").ledger, id, c.get("caller")), allowed);
  });
}

function purgeActionAnswer(c: Context<Env>, reply: OperatorReply, allowed: string): Response {
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
      return problem(c, "forbidden", "None of your batches waits for this purge; you need the scope admin.", {
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
    "There is no purge with this id. Purges that have ended are kept for the retention time.",
  );
}
