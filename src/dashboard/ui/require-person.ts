import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { Scope } from "../../domain/caller.ts";
import type { Env } from "../../http/context.ts";
import { callerNamed, setCaller } from "../../http/middleware/require-scope.ts";
import { hasOwnOrigin, sessionOf } from "../../http/requests/session.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import { type DashboardContext, linkTo } from "./context.ts";
import { askAnAdminPage, foreignOriginPage, notLivePage } from "./refusal-pages.tsx";

/** Asks to sign in before a form is read, in a way of its own; undefined: in the usual way. */
type SignInFirst = (c: Context<Env>, dashboard: DashboardContext) => Promise<Response | undefined>;

/**
 * Admits people whose session has the scope, and sets the caller for the handler. Without a session it asks them to
 * sign in, and leads back. A change must come from our own pages.
 */
export function requirePerson(dashboard: DashboardContext, scope: Scope, signInFirst?: SignInFirst) {
  const { config, clock } = dashboard.services;
  return createMiddleware<Env>(async function requirePerson(c, next) {
    if (!dashboard.isLive(c)) return notLivePage(c, dashboard);
    const entry = await sessionOf(c, { config, now: clock.now() });
    if (typeof entry === "string") {
      const isReading = c.req.method === "GET" || c.req.method === "HEAD";
      const page = hasOwnOrigin(c) ? await signInFirst?.(c, dashboard) : undefined;
      if (page !== undefined) return page;
      const { pathname, search } = new URL(c.req.url);
      // Every form's address can be opened with GET too. What was typed is still there when the browser goes back.
      const query = isReading
        ? { next: maskSignature(pathname + search) }
        : { next: maskSignature(pathname), ended: "1" };
      return c.redirect(linkTo(dashboard, `/sign-in?${new URLSearchParams(query)}`), 303);
    }
    if (!hasOwnOrigin(c)) return foreignOriginPage(c, dashboard);
    const caller = callerNamed(entry);
    if (!caller.scopes.includes(scope)) return askAnAdminPage(c, dashboard, { caller, scope });
    setCaller(c, dashboard.services, caller);
    return next();
  });
}
