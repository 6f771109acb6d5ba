import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { type Config, type Scope, scopes, type TokenEntry } from "../config.ts";
import { sha256Hex } from "../ledger/sha256.ts";
import { type Services, servicesFor } from "../services.ts";
import type { Caller } from "../submit-purges.ts";
import { hasOwnOrigin } from "./origin.ts";
import type { Env } from "./platform.ts";
import { problem } from "./problem.ts";
import { sessionOf } from "./session.ts";

/** Admits callers whose token or session grants the scope, and tells the handler who they are. */
export function requireScope(services: Services, scope: Scope): MiddlewareHandler<Env> {
  return createMiddleware<Env>(async function requireScope(c, next) {
    const caller = await callerOf(c, services);
    if (caller === "absent" || caller === "invalid") {
      const challenge = `Bearer realm="purge-desk"${caller === "invalid" ? ', error="invalid_token"' : ""}`;
      const detail =
        caller === "invalid"
          ? "The token is not one of those configured."
          : "Send Authorization: Bearer with one of the configured tokens.";
      return problem(c, "unauthorized", detail, {}, { "WWW-Authenticate": challenge });
    }
    if (caller === "foreign-origin") {
      return problem(c, "forbidden", "A session may do this only from the dashboard's own pages (Origin).");
    }
    if (!caller.scopes.includes(scope)) {
      const detail = `The token of ${caller.name} lacks the scope ${scope}.`;
      return problem(c, "forbidden", detail, { scope });
    }
    admit(c, services, caller);
    return next();
  });
}

/** From here on the handler knows who asks, and works on that caller's rate and under the request's id. */
export function admit(c: Context<Env>, services: Services, caller: Caller): void {
  c.set("caller", caller);
  c.set("services", servicesFor(services, { requestId: c.get("requestId"), caller: caller.name }));
}

/** A bearer token counts before a session. A session's unsafe request must come from our own pages. */
async function callerOf(
  c: Context<Env>,
  { config, clock }: Services,
): Promise<Caller | "absent" | "invalid" | "foreign-origin"> {
  const authorization = c.req.header("Authorization");
  if (authorization !== undefined) return authenticate(authorization, config.tokens);
  const entry = await sessionOf(c, { config, now: clock.now() });
  if (typeof entry === "string") return entry;
  return hasOwnOrigin(c) ? callerNamed(entry) : "foreign-origin";
}

/** Who a bearer token stands for. `absent`: no credentials at all; `invalid`: some that are not ours. */
export async function authenticate(
  authorization: string | undefined,
  tokens: Config["tokens"],
): Promise<Caller | "absent" | "invalid"> {
  if (authorization === undefined) return "absent";
  const [, token] = /^bearer +(\S{1,256})$/i.exec(authorization) ?? [];
  const entry = token === undefined ? undefined : await entryOfToken(token, tokens);
  return entry === undefined ? "invalid" : callerNamed(entry);
}

/** The entry of PURGE_TOKENS that a token belongs to. Every entry is looked at, whichever fits. */
export async function entryOfToken(token: string, tokens: Config["tokens"]): Promise<TokenEntry | undefined> {
  const presented = await sha256Hex(token);
  let found: TokenEntry | undefined;
  for (const entry of tokens) {
    if (isSame(entry.sha256, presented)) found = entry;
  }
  return found;
}

export function callerNamed(entry: TokenEntry): Caller {
  return { name: entry.name, scopes: grantedBy(entry.scopes) };
}

/** The scopes with those they imply: purge → read, admin → all. */
function grantedBy(own: readonly Scope[]): readonly Scope[] {
  if (own.includes("admin")) return scopes;
  return scopes.filter((scope) => own.includes(scope) || (scope === "read" && own.includes("purge")));
}

/** Takes as long wherever two hashes differ; every entry is looked at, too. */
function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < one.length; index++) {
    difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  }
  return difference === 0;
}
