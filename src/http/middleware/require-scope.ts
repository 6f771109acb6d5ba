import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { Config } from "../../config.ts";
import { type Caller, type Scope, scopes } from "../../domain/caller.ts";
import { sha256Hex } from "../../domain/sha256.ts";
import { type Services, servicesFor } from "../../services.ts";
import type { TokenEntry } from "../../setting-values.ts";
import { problem } from "../answers/problem.ts";
import { type Env, platformOf } from "../context.ts";
import { hasOwnOrigin, sessionOf } from "../requests/session.ts";

/** Admits callers whose token or session has the scope, and tells the handler who they are. */
export function requireScope(services: Services, scope: Scope): MiddlewareHandler<Env> {
  return createMiddleware<Env>(async function requireScope(c, next) {
    const caller = await callerOf(c, services);
    if (caller === "wrong-token" || caller === "invalid-session" || caller === "absent") {
      return refuseUnknownCaller(c, services, caller);
    }
    if (caller === "foreign-origin") {
      return problem(c, "forbidden", "A session may do this only from the dashboard's own pages (Origin).");
    }
    if (!caller.scopes.includes(scope)) {
      const detail = `The token of ${caller.name} lacks the scope ${scope}.`;
      return problem(c, "forbidden", detail, { scope });
    }
    setCaller(c, services, caller);
    return next();
  });
}

/** Counts only wrong tokens: sessions end every day, and a session cannot be guessed. */
function refuseUnknownCaller(
  c: Context<Env>,
  { failedAttempts }: Services,
  credentials: "wrong-token" | "invalid-session" | "absent",
): Response {
  const waitMs = credentials === "wrong-token" ? failedAttempts.count(platformOf(c).ip) : undefined;
  if (waitMs !== undefined) {
    const seconds = Math.ceil(waitMs / 1000);
    const detail = `The token is not configured, and too many wrong tokens came from this address. Wait ${seconds} s, or send a valid token, which is never refused.`;
    return problem(c, "rate-limited", detail, {}, { "Retry-After": String(seconds) });
  }
  const isAbsent = credentials === "absent";
  const detail = isAbsent
    ? "Send Authorization: Bearer with one of the configured tokens."
    : "This is not a token of this Purge Desk: PURGE_TOKENS has no entry for it.";
  const challenge = `Bearer realm="purge-desk"${isAbsent ? "" : ', error="invalid_token"'}`;
  return problem(c, "unauthorized", detail, {}, { "WWW-Authenticate": challenge });
}

/** Tells the handler who the caller is, and gives it services that use the caller's rate and log the request's id. */
export function setCaller(c: Context<Env>, services: Services, caller: Caller): void {
  c.set("caller", caller);
  const keepAlive = (work: Promise<unknown>) => platformOf(c).waitUntil?.(work);
  c.set("services", servicesFor(services, { requestId: c.get("requestId"), caller: caller.name, keepAlive }));
}

/** A bearer token takes precedence over a session. A session's unsafe request must come from our own pages. */
async function callerOf(
  c: Context<Env>,
  { config, clock }: Services,
): Promise<Caller | "absent" | "wrong-token" | "invalid-session" | "foreign-origin"> {
  const authorization = c.req.header("Authorization");
  if (authorization !== undefined) return (await authenticate(authorization, config.tokens)) ?? "wrong-token";
  const entry = await sessionOf(c, { config, now: clock.now() });
  if (typeof entry === "string") return entry === "invalid" ? "invalid-session" : entry;
  return hasOwnOrigin(c) ? callerNamed(entry) : "foreign-origin";
}

/** The caller that a bearer token belongs to, if it is configured. */
export async function authenticate(
  authorization: string,
  tokens: Config["tokens"],
): Promise<Caller | undefined> {
  const [, token] = /^bearer +(\S{1,256})$/i.exec(authorization) ?? [];
  const entry = token === undefined ? undefined : await entryOfToken(token, tokens);
  return entry && callerNamed(entry);
}

/** The entry of PURGE_TOKENS that a token belongs to. Compares every entry, so that timing does not tell which fits. */
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

/** Compares in constant time. */
function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < one.length; index++) {
    difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  }
  return difference === 0;
}
