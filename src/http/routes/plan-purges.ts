import type { Services } from "../../services.ts";
import { planPurges } from "../../use-cases/plan-purges.ts";
import { planView } from "../answers/views.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { readPurgeRequest } from "../requests/purge-request.ts";
import { createRouter } from "../router.ts";
import { purgeRequestExamples } from "./submit-purges.ts";

const route = { method: "post", path: "/api/plan", scope: "read" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "planPurges",
  tag: "Purges",
  summary: "Preview what would happen to a list of URLs",
  text: "Returns each line's verdict, the cost in units and the budget afterwards. Takes the same body as a submission and charges nothing.",
  body: { schema: "PurgeRequest", examples: purgeRequestExamples },
  answers: [{ status: 200, schema: "Plan", text: "The plan." }],
  problems: ["too-many-urls"],
};

export function planPurgesRoute(services: Services) {
  return createRouter().post(route.path, requireScope(services, route.scope), async (c) => {
    const request = await readPurgeRequest(c, services.clock);
    if (request instanceof Response) return request;
    const { urls, changedAt, onMistake } = request;
    const plan = await planPurges(c.get("services"), { urls, changedAt, onMistake });
    return c.json(planView(plan), 200);
  });
}
