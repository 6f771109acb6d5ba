import { createMiddleware } from "hono/factory";
import type { Env } from "../../../http/context.ts";
import { isBelowImageKitPaths } from "../../../http/middleware/imagekit-api.ts";
import { callerNamed } from "../../../http/middleware/require-scope.ts";
import { sessionOf } from "../../../http/requests/session.ts";
import type { DashboardContext } from "../../ui/context.ts";
import { notFoundPage } from "../../ui/refusal-pages.tsx";

/**
 * A page for addresses that no route matches; mounted after all routes. Requests below `/api`, `/v1` or `/v2`, for anything but HTML,
 * or with a method other than GET or HEAD get the app's own answer. It is a middleware, not a route, so that a wrong
 * method stays a 405.
 */
export function notFound(dashboard: DashboardContext) {
  const { basePath, services } = dashboard;
  return createMiddleware<Env>(async function notFound(c, next) {
    const { path, method } = c.req;
    const isReading = method === "GET" || method === "HEAD";
    const wantsPage = (c.req.header("Accept") ?? "").toLowerCase().includes("text/html");
    const isOfApi = `${path}/`.startsWith(`${basePath}/api/`) || isBelowImageKitPaths(c);
    const isElsewhere = path === `${basePath}/` || isOfApi;
    if (!isReading || !wantsPage || isElsewhere) return next();
    const entry = await sessionOf(c, { config: services.config, now: services.clock.now() });
    if (typeof entry !== "string") c.set("caller", callerNamed(entry));
    return notFoundPage(c, dashboard, "Check the address: it may be mistyped or incomplete.");
  });
}
