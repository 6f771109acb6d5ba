import type { Context } from "hono";
import { idPattern } from "../../../domain/ids.ts";
import type { Purge } from "../../../domain/purge.ts";
import { problems } from "../../../http/answers/problem.ts";
import { quotaSupport } from "../../../http/answers/support-text.ts";
import type { Env } from "../../../http/context.ts";
import { createRouter } from "../../../http/router.ts";
import type { OperatorReply } from "../../../ledger/contract.ts";
import { Callout } from "../../ui/callout.tsx";
import { can, type DashboardContext, linkTo } from "../../ui/context.ts";
import {
  type ActionResult,
  isResultOf,
  type PurgeAction,
  purgeActions,
} from "../../ui/purge-status/purge-actions.ts";
import { readForm } from "../../ui/read-form.ts";
import { requirePerson } from "../../ui/require-person.ts";
import { safeRedirect, withQuery } from "../../ui/safe-redirect.ts";
import { stateWords } from "../../ui/state.tsx";
import { SupportSection } from "../../ui/support-mail.tsx";
import { noSuchPurgePage, showPurge } from "./purge-route.tsx";

/**
 * Cancel, resend and close, by forms that lead back to the page they were on. Opening such an address with GET leads to
 * the purge.
 */
export function actOnPurgeRoute(dashboard: DashboardContext) {
  return createRouter()
    .get("/purges/:id/:act{cancel|resend|close}", (c) =>
      c.redirect(linkTo(dashboard, `/purges/${encodeURIComponent(c.req.param("id"))}`), 303),
    )
    .post("/purges/:id/cancel", requirePerson(dashboard, purgeActions.cancel.scope), (c) =>
      actOn(c, "cancel"),
    )
    .post("/purges/:id/resend", requirePerson(dashboard, purgeActions.resend.scope), (c) =>
      actOn(c, "resend"),
    )
    .post("/purges/:id/close", requirePerson(dashboard, purgeActions.close.scope), (c) => actOn(c, "close"));

  async function actOn(c: Context<Env>, action: PurgeAction): Promise<Response> {
    const fields = await readForm(c, dashboard);
    if (fields instanceof Response) return fields;
    const id = c.req.param("id") ?? "";
    if (!idPattern("p").test(id)) return noSuchPurgePage(c, dashboard);
    const back = safeRedirect(dashboard, fields.get("back"), linkTo(dashboard, `/purges/${id}`));
    const reply = await perform(c, action, id);
    switch (reply.outcome) {
      case "done":
        return c.redirect(withQuery(back, { done: resultOf(action, reply.purge), of: id }), 303);
      case "forbidden-state":
      case "not-yours": {
        // A second click or a resubmitted page: it is already done.
        const done = resultOf(action, reply.purge);
        return isResultOf(c.get("caller"), reply.purge, done)
          ? c.redirect(withQuery(back, { done, of: id }), 303)
          : showRefusal(c, action, reply);
      }
      case "exhausted":
        return showExhausted(c, id, reply);
      case "not-found":
        return noSuchPurgePage(c, dashboard);
    }
  }

  async function showRefusal(
    c: Context<Env>,
    action: PurgeAction,
    { outcome, purge }: Extract<OperatorReply, { outcome: "forbidden-state" | "not-yours" }>,
  ): Promise<Response> {
    const code = outcome === "not-yours" ? "forbidden" : "state-conflict";
    c.set("problemCode", code);
    const states = purgeActions[action].states
      .map((state) => stateWords[state].word.toLowerCase())
      .join(" or ");
    const content = (
      <Callout kind="alarm">
        <p>
          <strong>Nothing was done.</strong>{" "}
          {outcome === "not-yours"
            ? "None of your batches waits for this purge. To cancel it, ask an admin or the person who requested it."
            : `It is ${stateWords[purge.state].word.toLowerCase()} now, and you can ${action} only a purge that is ${states}.`}
        </p>
      </Callout>
    );
    const health = await c.get("services").ledger.health();
    return showPurge(c, dashboard, { purge, health, refusal: { status: problems[code].status, content } });
  }

  async function showExhausted(
    c: Context<Env>,
    id: string,
    { budget }: Extract<OperatorReply, { outcome: "exhausted" }>,
  ): Promise<Response> {
    const { ledger } = c.get("services");
    const [purge, health] = await Promise.all([ledger.readPurge(id), ledger.health()]);
    if (purge === undefined) return noSuchPurgePage(c, dashboard);
    c.set("problemCode", "budget-exhausted");
    const content = (
      <>
        <Callout kind="alarm">
          <p>
            <strong>Nothing was done.</strong> No unit is left this month to send it again.
          </p>
        </Callout>
        <SupportSection
          id="quota-text"
          heading="Ask ImageKit for more quota"
          support={quotaSupport(budget, 1)}
        />
      </>
    );
    return showPurge(c, dashboard, { purge, health, refusal: { status: 429, content } });
  }
}

function perform(c: Context<Env>, action: PurgeAction, id: string): Promise<OperatorReply> {
  const { ledger } = c.get("services");
  const caller = c.get("caller");
  switch (action) {
    case "cancel": {
      const scope = can(caller, "admin") ? "every-batch" : "own-batches";
      return ledger.cancel(id, { actor: caller.name, scope });
    }
    case "resend":
      return ledger.resend(id, caller.name);
    case "close":
      return ledger.close(id, caller.name);
  }
}

function resultOf(action: PurgeAction, { state }: Purge): ActionResult {
  return action === "cancel" && state !== "cancelled" ? "detached" : purgeActions[action].done;
}
