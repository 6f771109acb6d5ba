import { invocationOf } from "../../../http/context.ts";
import { createRouter } from "../../../http/router.ts";
import { tryKeyNow } from "../../../use-cases/try-now.ts";
import { type DashboardContext, linkTo } from "../../ui/context.ts";
import { readForm } from "../../ui/read-form.ts";
import { requirePerson } from "../../ui/require-person.ts";

/** Tries ImageKit's key again, and leads back to Health. Opening this address with GET leads there too. */
export function tryNowPageRoute(dashboard: DashboardContext) {
  return createRouter()
    .get("/health/try", (c) => c.redirect(linkTo(dashboard, "/health"), 303))
    .post("/health/try", requirePerson(dashboard, "admin"), async (c) => {
      const fields = await readForm(c, dashboard);
      if (fields instanceof Response) return fields;
      await tryKeyNow(c.get("services"), invocationOf(c));
      return c.redirect(linkTo(dashboard, "/health?done=tried"), 303);
    });
}
