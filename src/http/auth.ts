import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { type Scope, scopes, type TokenEntry } from "../config.ts";
import { sha256Hex } from "../ledger/sha256.ts";
import { type Services, servicesFor } from "../services.ts";
import type { Caller } from "../submit-purges.ts";
import type { Env } from "./platform.ts";
import { problem } from "./problem.ts";

/** Admits callers whose token grants the scope, and tells the handler who they are. */
export function requireScope(services: Services, scope: Scope): MiddlewareHandler<Env> {
  return createMiddleware<Env>(async function requireScope(c, next) {
    const caller = await authenticate(c.req.header("Authorization"), services.config.tokens);
    if (caller === "absent" || caller === "invalid") {
      const challenge = `Bearer realm="purge-desk"${caller === "invalid" ? ', error="invalid_token"' : ""}`;
      const detail =
        caller === "invalid"
          ? "The token is not one of those configured."
          : "Send Authorization: Bearer with one of the configured tokens.";
      return problem(c, "unauthorized", detail, {}, { "WWW-Authenticate": challenge });
    }
    if (!caller.scopes.includes(scope)) {
      const detail = `The token of ${caller.name} lacks the scope ${scope}.`;
      return problem(c, "forbidden", detail, { scope });
    }
    c.set("caller", caller);
    c.set("services", servicesFor(services, { requestId: c.get("requestId"), caller: caller.name }));
    return next();
  });
}

/** Who a bearer token stands for. `absent`: no credentials at all; `invalid`: some that are not ours. */
export async function authenticate(
  authorization: string | undefined,
  tokens: readonly TokenEntry[],
): Promise<Caller | "absent" | "invalid"> {
  if (authorization === undefined) return "absent";
  const [, token] = /^bearer +(\S{1,256})$/i.exec(authorization) ?? [];
  if (token === undefined) return "invalid";
  const presented = await sha256Hex(token);
  let found: TokenEntry | undefined;
  for (const entry of tokens) {
    if (isSame(entry.sha256, presented)) found = entry;
  }
  return found === undefined ? "invalid" : { name: found.name, scopes: grantedBy(found.scopes) };
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
