import type { Services } from "../../services.ts";
import { healthNow } from "../../use-cases/health-now.ts";
import { tryKeyNow } from "../../use-cases/try-now.ts";
import { healthChecks, ledgerAway, worstOf } from "../answers/health-checks.ts";
import { invocationOf } from "../context.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { createRouter } from "../router.ts";

const route = { method: "post", path: "/api/health/try", scope: "admin" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "tryNow",
  tag: "Service",
  summary: "Try ImageKit's key again now",
  text: "After ImageKit answered 401 or 403, one call is tried every few minutes. Once the key is repaired, this tries one at once, with a purge that waits, and sends the rest if ImageKit accepts it. Does nothing while the key is accepted or a send is under way. Takes no body.",
  answers: [{ status: 200, schema: "Health", text: "The checks after the try." }],
  problems: [],
};

export function tryNowRoute(services: Services) {
  return createRouter().post(route.path, requireScope(services, route.scope), async (c) => {
    const own = c.get("services");
    await tryKeyNow(own, invocationOf(c));
    const health = await healthNow(own);
    const checks = health === undefined ? [ledgerAway] : healthChecks(health);
    return c.json({ status: worstOf(checks), checks }, 200);
  });
}
