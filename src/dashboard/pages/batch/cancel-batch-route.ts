import { idPattern } from "../../../domain/ids.ts";
import { invocationOf } from "../../../http/context.ts";
import { createRouter } from "../../../http/router.ts";
import { cancelBatch } from "../../../use-cases/cancel-batch.ts";
import { type DashboardContext, linkTo } from "../../ui/context.ts";
import { readForm } from "../../ui/read-form.ts";
import { refusalPage } from "../../ui/refusal-pages.tsx";
import { requirePerson } from "../../ui/require-person.ts";
import { noSuchBatchPage } from "./batch-route.tsx";

/** Cancels what a batch has not sent, and leads back to it. Opening this address with GET leads there too. */
export function cancelBatchPageRoute(dashboard: DashboardContext) {
  return createRouter()
    .get("/batches/:id/cancel", (c) =>
      c.redirect(linkTo(dashboard, `/batches/${encodeURIComponent(c.req.param("id"))}`), 303),
    )
    .post("/batches/:id/cancel", requirePerson(dashboard, "purge"), async (c) => {
      const fields = await readForm(c, dashboard);
      if (fields instanceof Response) return fields;
      const id = c.req.param("id");
      if (!idPattern("b").test(id)) return noSuchBatchPage(c, dashboard);
      const reply = await cancelBatch(c.get("services"), c.get("caller"), id, invocationOf(c));
      switch (reply.outcome) {
        case "done":
          return c.redirect(linkTo(dashboard, `/batches/${id}?done=cancelled-all`), 303);
        case "not-found":
          return noSuchBatchPage(c, dashboard);
        case "not-yours":
          return refusalPage(c, dashboard, {
            code: "forbidden",
            title: "Nothing was cancelled",
            text: `This is a batch of ${reply.batch.actor}. To cancel it, ask them or an admin.`,
            caller: c.get("caller"),
            again: linkTo(dashboard, `/batches/${id}`),
          });
      }
    });
}
