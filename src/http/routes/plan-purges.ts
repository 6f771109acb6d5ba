import { maximumPlanLines } from "../../rules/limits.ts";
import type { Services } from "../../services.ts";
import { planPurges } from "../../use-cases/plan-purges.ts";
import { invalidRequest, problem } from "../answers/problem.ts";
import { planView } from "../answers/views.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { readPurgeRequest } from "../requests/purge-request.ts";
import { sendAfterPassed } from "../requests/stated-time.ts";
import { createRouter } from "../router.ts";
import { asText, purgeRequestExamples } from "./submit-purges.ts";

const route = { method: "post", path: "/api/plan", scope: "read" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "planPurges",
  tag: "Purges",
  summary: "Preview what would happen to a list of URLs and images",
  text: "Returns each line's verdict, the cost in units, the budget afterwards, and the folders that would make it cheaper if they were cleared whole. Takes the same body as a submission, with up to 1,000 lines and 10,000 targets, and charges nothing.",
  body: { schema: "PlanRequest", examples: purgeRequestExamples },
  query: {
    as: asText,
    repeats:
      "`allowed`: lines that you repeat too often are planned as if you did not, so that the plan does not depend on what you have purged. For splitting a large request: a submission decides about repeating itself.",
  },
  answers: [{ status: 200, schema: "Plan", text: "The plan." }],
  problems: ["too-many-urls", "too-many-targets"],
};

export function planPurgesRoute(services: Services) {
  return createRouter().post(route.path, requireScope(services, route.scope), async (c) => {
    const request = await readPurgeRequest(c, services.clock, { mostLines: maximumPlanLines, isPlan: true });
    if (request instanceof Response) return request;
    const now = services.clock.now();
    if (request.sendAfter !== undefined && request.sendAfter < now) {
      return invalidRequest(c, [sendAfterPassed(now)]);
    }
    const reply = await planPurges(c.get("services"), c.get("caller"), request);
    if (reply.outcome === "planned") return c.json(planView(reply.plan), 200);
    const { count, limit } = reply;
    const detail = `These lines make ${count} targets; a plan may have at most ${limit}. Plan fewer lines at once.`;
    return problem(c, "too-many-targets", detail, { count, limit });
  });
}
