import { platformOf } from "../../../http/context.ts";
import { hasOwnOrigin, startSession } from "../../../http/requests/session.ts";
import { createRouter } from "../../../http/router.ts";
import { type DashboardContext, linkTo } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import {
  foreignOriginPage,
  notFoundPage,
  refusalPage,
  tooManyFailuresPage,
} from "../../ui/refusal-pages.tsx";

/** A link that signs in once. Opening it does nothing yet, so that a link preview does not use it up. */
export function signInLinkRoute(dashboard: DashboardContext) {
  const { config, clock, log, failedAttempts } = dashboard.services;
  return createRouter()
    .get("/sign-in/:code", (c) => {
      if (dashboard.takeSignInCode === undefined) {
        return notFoundPage(c, dashboard, "This deployment has no sign-in links. Sign in with a token.");
      }
      const content = (
        <div class="narrow">
          <h1>Sign in to Purge Desk</h1>
          <p>This link signs you in once.</p>
          <form method="post" class="stack">
            <button type="submit" class="primary" autofocus>
              Sign in
            </button>
          </form>
        </div>
      );
      return showPage(c, dashboard, { title: "Sign in" }, content);
    })
    .post("/sign-in/:code", async (c) => {
      if (!hasOwnOrigin(c)) return foreignOriginPage(c, dashboard);
      const name = dashboard.takeSignInCode?.(c.req.param("code"));
      const entry = config.tokens.find((each) => each.name === name);
      if (entry === undefined) {
        const waitMs = failedAttempts.count(platformOf(c).ip);
        if (waitMs !== undefined) return tooManyFailuresPage(c, dashboard, waitMs);
        const text = "It has been used already, or is not valid. Sign in with a token instead.";
        return refusalPage(c, dashboard, {
          code: "not-found",
          title: "This link does not sign in",
          text,
          onward: "sign-in",
        });
      }
      await startSession(c, { config, entry, now: clock.now() });
      log("signed-in", { requestId: c.get("requestId"), actor: entry.name, by: "link" });
      return c.redirect(linkTo(dashboard, "/"), 303);
    });
}
