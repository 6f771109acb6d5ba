import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { problem } from "../answers/problem.ts";
import type { Env } from "../context.ts";

/** Rejects requests on any deploy but the live one. */
export function requireLive(isLive: (c: Context<Env>) => boolean) {
  return createMiddleware<Env>(async function requireLive(c, next) {
    if (isLive(c)) return next();
    return problem(c, "not-live", "Only the published production deploy purges. Use the site's own address.");
  });
}
