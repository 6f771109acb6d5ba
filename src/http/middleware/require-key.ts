import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { Scope } from "../../domain/caller.ts";
import type { Services } from "../../services.ts";
import { problem } from "../answers/problem.ts";
import { type Env, platformOf } from "../context.ts";
import { callerNamed, entryOfToken, setCaller } from "./require-scope.ts";

/**
 * Admits callers who send a token with the scope where ImageKit's API expects its private key: as the user of Basic auth.
 * The password means nothing. There is no challenge, because a browser would then ask for credentials and keep them.
 */
export function requireKey(services: Services, scope: Scope): MiddlewareHandler<Env> {
  return createMiddleware<Env>(async function requireKey(c, next) {
    const key = keyIn(c.req.header("Authorization"));
    if (key === undefined) {
      return problem(c, "unauthorized", "Send a token of Purge Desk as the user of Basic auth.");
    }
    const entry = await entryOfToken(key, services.config.tokens);
    if (entry === undefined) return refuseWrongKey(c, services);
    const caller = callerNamed(entry);
    if (!caller.scopes.includes(scope)) {
      return problem(c, "forbidden", `The token of ${caller.name} lacks the scope ${scope}.`);
    }
    setCaller(c, services, caller);
    return next();
  });
}

/** The user of Basic credentials; undefined if there is none. */
export function keyIn(authorization = ""): string | undefined {
  const [, credentials] = /^basic +([A-Za-z\d+/]{1,1000}={0,2})$/i.exec(authorization) ?? [];
  if (credentials === undefined) return undefined;
  try {
    const [user = ""] = atob(credentials).split(":", 1);
    return user === "" ? undefined : user;
  } catch {
    return undefined;
  }
}

/** Wrong keys are counted together with wrong bearer tokens. */
function refuseWrongKey(c: Context<Env>, { failedAttempts }: Services): Response {
  const waitMs = failedAttempts.count(platformOf(c).ip);
  if (waitMs === undefined) {
    const detail =
      "This is not a token of this Purge Desk. Its base URL takes its own tokens (pd_…), not ImageKit's private key.";
    return problem(c, "forbidden", detail);
  }
  const seconds = Math.ceil(waitMs / 1000);
  const detail = `The key is not a token of this Purge Desk, and too many wrong ones came from this address. Wait ${seconds} s, or send a valid token, which is never refused.`;
  return problem(c, "rate-limited", detail, {}, { "Retry-After": String(seconds) });
}
