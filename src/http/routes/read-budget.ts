import type { Services } from "../../services.ts";
import { budgetView } from "../answers/views.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { createRouter } from "../router.ts";

const route = { method: "get", path: "/api/budget", scope: "read" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "readBudget",
  tag: "Budget",
  summary: "Read the month's budget",
  text: "What is left of ImageKit's monthly quota: `available` is quota - margin - spent - external - reserved.",
  answers: [{ status: 200, schema: "Budget", text: "The budget." }],
  problems: [],
};

export function readBudgetRoute(services: Services) {
  return createRouter().get(route.path, requireScope(services, route.scope), async (c) =>
    c.json(budgetView(await c.get("services").ledger.readBudget()), 200),
  );
}
