import { platformOf } from "../../../http/context.ts";
import { callerNamed, entryOfToken } from "../../../http/middleware/require-scope.ts";
import { endSession, hasOwnOrigin, startSession } from "../../../http/requests/session.ts";
import { createRouter } from "../../../http/router.ts";
import { carriedRequest, isNewRequest } from "../../ui/carried-request.ts";
import { type DashboardContext, linkTo } from "../../ui/context.ts";
import { readForm } from "../../ui/read-form.ts";
import { foreignOriginPage, notLivePage, tooManyFailuresPage } from "../../ui/refusal-pages.tsx";
import { safeRedirect } from "../../ui/safe-redirect.ts";
import { showSignIn } from "../../ui/sign-in-page.tsx";

/** Exchanges a token for a session. The token itself is not stored. Only failures are limited by IP address. */
export function signInRoute(dashboard: DashboardContext) {
  const { services } = dashboard;
  return createRouter()
    .get("/sign-in", (c) => {
      if (!dashboard.isLive(c)) return notLivePage(c, dashboard);
      const next = safeRedirect(dashboard, c.req.query("next"));
      const hasEnded = c.req.query("ended") !== undefined;
      return showSignIn(c, dashboard, { next, hasEnded });
    })
    .post("/sign-in", async (c) => {
      if (!dashboard.isLive(c)) return notLivePage(c, dashboard);
      if (!hasOwnOrigin(c)) return foreignOriginPage(c, dashboard);
      if (services.config.sessionSecret === undefined) return showSignIn(c, dashboard, { next: "" });
      const fields = await readForm(c, dashboard);
      if (fields instanceof Response) return fields;
      const token = (fields.get("token") ?? "").trim();
      const next = safeRedirect(dashboard, fields.get("next"));
      const carried = carriedRequest(fields);
      const refuse = (problem: string) => {
        c.set("problemCode", "unauthorized");
        return showSignIn(c, dashboard, { next, problem, carried }, 401);
      };
      const refuseWrong = (problem: string) => {
        const waitMs = services.failedAttempts.count(platformOf(c).ip);
        return waitMs === undefined ? refuse(problem) : tooManyFailuresPage(c, dashboard, waitMs);
      };
      if (!/^pd_[\w-]{43}$/.test(token)) {
        return refuseWrong("A token is pd_ followed by 43 characters. Paste all of it.");
      }
      const { config, clock, log } = services;
      const entry = await entryOfToken(token, config.tokens);
      if (entry === undefined) {
        return refuseWrong("This token is not configured here. It may have been revoked.");
      }
      if (!callerNamed(entry).scopes.includes("read")) {
        return refuse(`The token ${entry.name} does not have the scope read. Ask an admin.`);
      }
      await startSession(c, { config, entry, now: clock.now() });
      log("signed-in", { requestId: c.get("requestId"), actor: entry.name });
      // 307 keeps the method and the fields, so that the page shows the form as it was.
      return c.redirect(next, carried.size > 0 && isNewRequest(dashboard, next) ? 307 : 303);
    });
}

/** Ends the session in this browser. */
export function signOutRoute(dashboard: DashboardContext) {
  return createRouter().post("/sign-out", async (c) => {
    if (!hasOwnOrigin(c)) return foreignOriginPage(c, dashboard);
    endSession(c);
    return c.redirect(linkTo(dashboard, "/sign-in"), 303);
  });
}
