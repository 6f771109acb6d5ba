import { platformOf } from "../../../http/context.ts";
import { callerNamed, entryOfToken } from "../../../http/middleware/require-scope.ts";
import { endSession, hasOwnOrigin, startSession } from "../../../http/requests/session.ts";
import { createRouter } from "../../../http/router.ts";
import { Callout } from "../../ui/callout.tsx";
import { type DashboardContext, linkTo } from "../../ui/context.ts";
import { showPage } from "../../ui/page.tsx";
import { readForm } from "../../ui/read-form.ts";
import { foreignOriginPage, notLivePage, tooManyFailuresPage } from "../../ui/refusal-pages.tsx";
import { safeRedirect } from "../../ui/safe-redirect.ts";

/** Exchanges a token for a session. The token itself is not stored. Only failures are limited by IP address. */
export function signInRoute(dashboard: DashboardContext) {
  const { services } = dashboard;
  return createRouter()
    .get("/sign-in", (c) => {
      if (!dashboard.isLive(c)) return notLivePage(c, dashboard);
      const next = safeRedirect(dashboard, c.req.query("next"));
      const hasEnded = c.req.query("ended") !== undefined;
      return showPage(
        c,
        dashboard,
        { title: "Sign in" },
        <SignIn dashboard={dashboard} next={next} hasEnded={hasEnded} />,
      );
    })
    .post("/sign-in", async (c) => {
      if (!dashboard.isLive(c)) return notLivePage(c, dashboard);
      if (!hasOwnOrigin(c)) return foreignOriginPage(c, dashboard);
      if (services.config.sessionSecret === undefined) {
        return showPage(c, dashboard, { title: "Sign in" }, <SignIn dashboard={dashboard} next="" />, 503);
      }
      const fields = await readForm(c, dashboard);
      if (fields instanceof Response) return fields;
      const token = (fields.get("token") ?? "").trim();
      const next = safeRedirect(dashboard, fields.get("next"));
      const refuse = (problem: string) => {
        c.set("problemCode", "unauthorized");
        const content = <SignIn dashboard={dashboard} next={next} problem={problem} />;
        return showPage(c, dashboard, { title: "Sign in" }, content, 401);
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
      return c.redirect(next, 303);
    });
}

function SignIn(props: {
  readonly dashboard: DashboardContext;
  readonly next: string;
  readonly problem?: string | undefined;
  /** A form was submitted without a session, and was not accepted. */
  readonly hasEnded?: boolean;
}) {
  const { dashboard, next, problem, hasEnded = false } = props;
  if (dashboard.services.config.sessionSecret === undefined) {
    return (
      <div class="narrow">
        <h1>The dashboard is not set up</h1>
        <Callout kind="warning">
          <p>
            Set <code>PURGE_SESSION_SECRET</code> to at least 32 random characters: it signs sessions. The API
            works without it.
          </p>
        </Callout>
      </div>
    );
  }
  return (
    <div class="narrow">
      <h1>Sign in</h1>
      <p>Use the token that you got from the person who runs this Purge Desk. It begins with pd_.</p>
      {hasEnded ? (
        <Callout kind="warning">
          <p>
            Your session ended, so nothing was submitted. Sign in in another tab, then go back and submit
            again.
          </p>
        </Callout>
      ) : null}
      {problem === undefined ? null : (
        <Callout kind="alarm" id="problem">
          <p>{problem}</p>
        </Callout>
      )}
      <form method="post" action={linkTo(dashboard, "/sign-in")} class="stack">
        <input type="hidden" name="next" value={next} />
        <label for="token">Token</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="current-password"
          required
          autofocus
          spellcheck={false}
          maxlength={256}
          aria-describedby={problem === undefined ? undefined : "problem"}
          aria-invalid={problem === undefined ? undefined : "true"}
        />
        <button type="submit" class="primary">
          Sign in
        </button>
      </form>
      <p class="quiet">You stay signed in for 12 hours. The token itself is not stored.</p>
    </div>
  );
}

/** Ends the session in this browser. */
export function signOutRoute(dashboard: DashboardContext) {
  return createRouter().post("/sign-out", async (c) => {
    if (!hasOwnOrigin(c)) return foreignOriginPage(c, dashboard);
    endSession(c);
    return c.redirect(linkTo(dashboard, "/sign-in"), 303);
  });
}
