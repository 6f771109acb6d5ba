import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { Rate } from "../../ledger/policy.ts";
import { imagekitProblem } from "../answers/imagekit-error.ts";
import type { Env } from "../context.ts";

/**
 * Below ImageKit's paths every answer looks like one of ImageKit's API, those included that no route gives: problems have its
 * shape, and each answer carries `x-ik-requestId`.
 */
export function imagekitApi(options: { readonly callerRate: Rate | "off" }) {
  return createMiddleware<Env>(async function imagekitApi(c, next) {
    if (!isBelowImageKitPaths(c)) return next();
    c.set("answerProblem", (problem) => imagekitProblem(c, problem, options.callerRate));
    await next();
    c.res.headers.set("x-ik-requestId", c.get("requestId"));
  });
}

/** Whether the path is one of ImageKit's API, which has two versions: `/v1` and `/v2`, for uploads `/api/v1` and `/api/v2`. */
export function isBelowImageKitPaths(c: Context<Env>): boolean {
  const path = c.req.path.slice((c.get("basePath") ?? "").length);
  return /^(\/api)?\/v[12](\/|$)/.test(path);
}
