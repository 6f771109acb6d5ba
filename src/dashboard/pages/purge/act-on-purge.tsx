import type { Context } from "hono";
import type { Env } from "../../../http/platform.ts";
import { problems } from "../../../http/problem.ts";
import { createRouter } from "../../../http/router.ts";
import { quotaSupport } from "../../../http/support-text.ts";
import { idPattern } from "../../../ids.ts";
import type { OperatorReply } from "../../../ledger/contract.ts";
import type { Purge } from "../../../purge.ts";
import { Callout } from "../../ui/callout.tsx";
import { can, type Desk, linkTo, requirePerson } from "../../ui/context.ts";
import { type Act, acts, isResultOf, type Result } from "../../ui/purge-status/purge-actions.ts";
import { readForm } from "../../ui/read-form.ts";
import { ownPlace, withQuery } from "../../ui/safe-redirect.ts";
import { stateWords } from "../../ui/state.tsx";
import { Support } from "../../ui/support-mail.tsx";
import { noSuchPurgePage, showPurge } from "./purge-page.tsx";

/** Cancel, resend and close, by forms; each comes back to where its form stood. Opening such an address leads to the purge. */
export function actOnPurgeRoute(desk: Desk) {
  return createRouter()
    .get("/purges/:id/:act{cancel|resend|close}", (c) =>
      c.redirect(linkTo(desk, `/purges/${encodeURIComponent(c.req.param("id"))}`), 303),
    )
    .post("/purges/:id/cancel", requirePerson(desk, acts.cancel.scope), (c) => actOn(c, "cancel"))
    .post("/purges/:id/resend", requirePerson(desk, acts.resend.scope), (c) => actOn(c, "resend"))
    .post("/purges/:id/close", requirePerson(desk, acts.close.scope), (c) => actOn(c, "close"));

  async function actOn(c: Context<Env>, act: Act): Promise<Response> {
    const fields = await readForm(c, desk);
    if (fields instanceof Response) return fields;
    const id = c.req.param("id") ?? "";
    if (!idPattern("p").test(id)) return noSuchPurgePage(c, desk);
    const back = ownPlace(desk, fields.get("back"), linkTo(desk, `/purges/${id}`));
    const reply = await perform(c, act, id);
    switch (reply.outcome) {
      case "done":
        return c.redirect(withQuery(back, { done: resultOf(act, reply.purge), of: id }), 303);
      case "forbidden-state":
      case "not-yours": {
        // A second click, or the page sent once more: what was asked for is done already.
        const done = resultOf(act, reply.purge);
        return isResultOf(c.get("caller"), reply.purge, done)
          ? c.redirect(withQuery(back, { done, of: id }), 303)
          : showRefusal(c, act, reply);
      }
      case "exhausted":
        return showExhausted(c, id, reply);
      case "not-found":
        return noSuchPurgePage(c, desk);
    }
  }

  async function showRefusal(
    c: Context<Env>,
    act: Act,
    { outcome, purge }: Extract<OperatorReply, { outcome: "forbidden-state" | "not-yours" }>,
  ): Promise<Response> {
    const code = outcome === "not-yours" ? "forbidden" : "state-conflict";
    c.set("problemCode", code);
    const states = acts[act].states.map((state) => stateWords[state].word.toLowerCase()).join(" or ");
    const content = (
      <Callout kind="alarm">
        <p>
          <strong>Nothing was done.</strong>{" "}
          {outcome === "not-yours"
            ? "No batch of yours waits for this purge. To cancel it, ask an admin, or whoever asked for it."
            : `It is ${stateWords[purge.state].word.toLowerCase()} by now, and one can ${act} only what is ${states}.`}
        </p>
      </Callout>
    );
    const health = await c.get("services").ledger.health();
    return showPurge(c, desk, { purge, health, refusal: { status: problems[code].status, content } });
  }

  async function showExhausted(
    c: Context<Env>,
    id: string,
    { budget }: Extract<OperatorReply, { outcome: "exhausted" }>,
  ): Promise<Response> {
    const { ledger } = c.get("services");
    const [purge, health] = await Promise.all([ledger.readPurge(id), ledger.health()]);
    if (purge === undefined) return noSuchPurgePage(c, desk);
    c.set("problemCode", "budget-exhausted");
    const content = (
      <>
        <Callout kind="alarm">
          <p>
            <strong>Nothing was done.</strong> No unit is left this month for another send.
          </p>
        </Callout>
        <Support id="quota-text" heading="Ask ImageKit for more quota" support={quotaSupport(budget, 1)} />
      </>
    );
    return showPurge(c, desk, { purge, health, refusal: { status: 429, content } });
  }
}

function perform(c: Context<Env>, act: Act, id: string): Promise<OperatorReply> {
  const { ledger } = c.get("services");
  const caller = c.get("caller");
  switch (act) {
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

function resultOf(act: Act, { state }: Purge): Result {
  return act === "cancel" && state !== "cancelled" ? "detached" : acts[act].done;
}
