import { createRouter } from "../../../http/router.ts";
import { applyProfileChange } from "../../../use-cases/change-profile.ts";
import { type DashboardContext, linkTo } from "../../ui/context.ts";
import { readForm } from "../../ui/read-form.ts";
import { notFoundPage, refusalPage } from "../../ui/refusal-pages.tsx";
import { requirePerson } from "../../ui/require-person.ts";
import { shortTime } from "../../ui/time.tsx";

/** Deletes a profile as the reader has seen it. Opening this address with GET leads to the profiles. */
export function deleteProfilePageRoute(dashboard: DashboardContext) {
  return createRouter()
    .get("/profiles/delete", (c) => c.redirect(linkTo(dashboard, "/profiles"), 303))
    .post("/profiles/delete", requirePerson(dashboard, "admin"), async (c) => {
      const fields = await readForm(c, dashboard);
      if (fields instanceof Response) return fields;
      const name = fields.get("name") ?? "";
      const version = fields.get("version") ?? "";
      const expected = /^\d{1,15}$/.test(version) ? Number(version) : undefined;
      const reply = await applyProfileChange(c.get("services"), c.get("caller"), { name, expected });
      if (reply.outcome === "deleted") return c.redirect(linkTo(dashboard, "/profiles?done=deleted"), 303);
      if (reply.outcome === "not-found") {
        return notFoundPage(c, dashboard, "There is no profile of this name any more.");
      }
      const change = reply.outcome === "changed-meanwhile" ? reply.change : undefined;
      const who = change === undefined ? "Somebody" : `On ${shortTime(change.at)}, ${change.actor}`;
      return refusalPage(c, dashboard, {
        code: "profile-changed",
        title: "Nothing was deleted",
        text: `${who} changed this profile while you looked at it. Look at it again, and delete it if you still want to.`,
        caller: c.get("caller"),
        again: linkTo(dashboard, "/profiles"),
      });
    });
}
