import { createMiddleware } from "hono/factory";
import type { Scope } from "../../config.ts";
import { admit, callerNamed } from "../../http/auth.ts";
import { hasOwnOrigin } from "../../http/origin.ts";
import type { Env } from "../../http/platform.ts";
import type { House } from "../../http/room.ts";
import { sessionOf } from "../../http/session.ts";
import { maskSignature } from "../../rules/signed-url.ts";
import type { Caller } from "../../submit-purges.ts";
import { askAnAdminPage, foreignOriginPage, notLivePage } from "./refusal-pages.tsx";

/** What every page of the dashboard is built from. */
export type Desk = House & {
  /** Uses up the code of a one-time sign-in link, and names the token that it stands for. */
  readonly takeSignInCode?: ((code: string) => string | undefined) | undefined;
};

/** Where a page is, below the base path. */
export function linkTo({ basePath }: Pick<Desk, "basePath">, path: `/${string}`): string {
  return path === "/" && basePath !== "" ? basePath : basePath + path;
}

/**
 * Admits people whose session grants the scope, and tells the handler who they are. Without a session one is asked to
 * sign in and comes back; a change must come from our own pages.
 */
export function requirePerson(desk: Desk, scope: Scope) {
  const { config, clock } = desk.services;
  return createMiddleware<Env>(async function requirePerson(c, next) {
    if (!desk.isLive(c)) return notLivePage(c, desk);
    const entry = await sessionOf(c, { config, now: clock.now() });
    if (typeof entry === "string") {
      const isReading = c.req.method === "GET" || c.req.method === "HEAD";
      const { pathname, search } = new URL(c.req.url);
      // Every form's address can be read too; what was typed into it is still where the browser goes back to.
      const query = isReading
        ? { next: maskSignature(pathname + search) }
        : { next: maskSignature(pathname), ended: "1" };
      return c.redirect(linkTo(desk, `/sign-in?${new URLSearchParams(query)}`), 303);
    }
    if (!hasOwnOrigin(c)) return foreignOriginPage(c, desk);
    const caller = callerNamed(entry);
    if (!caller.scopes.includes(scope)) return askAnAdminPage(c, desk, { caller, scope });
    admit(c, desk.services, caller);
    return next();
  });
}

export function can(caller: Caller, scope: Scope): boolean {
  return caller.scopes.includes(scope);
}
