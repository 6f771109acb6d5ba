import { createMiddleware } from "hono/factory";
import { callerNamed } from "../../../http/auth.ts";
import type { Env } from "../../../http/platform.ts";
import { sessionOf } from "../../../http/session.ts";
import type { DashboardContext } from "../../ui/context.ts";
import { notFoundPage } from "../../ui/refusal-pages.tsx";

/**
 * Answers people whom no route answers, behind all of them. What is below `/api`, asks for no page, or is no reading
 * goes on to the app's own answer. No route itself: a method that an address does not take stays a 405.
 */
export function notFound(dashboard: DashboardContext) {
  const { basePath, services } = dashboard;
  return createMiddleware<Env>(async function notFound(c, next) {
    const { path, method } = c.req;
    const isReading = method === "GET" || method === "HEAD";
    const wantsPage = (c.req.header("Accept") ?? "").toLowerCase().includes("text/html");
    const isElsewhere = path === `${basePath}/` || `${path}/`.startsWith(`${basePath}/api/`);
    if (!isReading || !wantsPage || isElsewhere) return next();
    const entry = await sessionOf(c, { config: services.config, now: services.clock.now() });
    if (typeof entry !== "string") c.set("caller", callerNamed(entry));
    return notFoundPage(c, dashboard, "Check the address: it may be mistyped or incomplete.");
  });
}
