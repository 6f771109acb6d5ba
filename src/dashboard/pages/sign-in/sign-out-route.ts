import { hasOwnOrigin } from "../../../http/origin.ts";
import { createRouter } from "../../../http/router.ts";
import { endSession } from "../../../http/session.ts";
import { type DashboardContext, linkTo } from "../../ui/context.ts";
import { foreignOriginPage } from "../../ui/refusal-pages.tsx";

/** Ends the session in this browser. */
export function signOutRoute(dashboard: DashboardContext) {
  return createRouter().post("/sign-out", async (c) => {
    if (!hasOwnOrigin(c)) return foreignOriginPage(c, dashboard);
    endSession(c);
    return c.redirect(linkTo(dashboard, "/sign-in"), 303);
  });
}
