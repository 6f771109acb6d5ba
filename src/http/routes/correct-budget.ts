import type { Services } from "../../services.ts";
import { invalidRequest } from "../answers/problem.ts";
import { budgetView } from "../answers/views.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { readRequestBody } from "../requests/body.ts";
import { correction } from "../requests/schemas.ts";
import { validate } from "../requests/validate.ts";
import { createRouter } from "../router.ts";

const route = {
  method: "post",
  path: "/api/budget/corrections",
  scope: "admin",
} as const satisfies Route;

export const description: Description = {
  route,
  operationId: "correctBudget",
  tag: "Budget",
  summary: "State what was spent elsewhere this month",
  text: "Sets (does not add to) the units spent outside this service: in ImageKit's dashboard, or by renames with purgeCache.",
  body: {
    schema: "Correction",
    examples: {
      dashboard: {
        summary: "40 units spent by hand",
        value: { external: 40, reason: "dashboard, 3 November" },
      },
    },
  },
  answers: [{ status: 201, schema: "Budget", text: "The budget after the correction." }],
  problems: [],
};

export function correctBudgetRoute(services: Services) {
  return createRouter().post(route.path, requireScope(services, route.scope), async (c) => {
    const body = await readRequestBody(c, ["json"]);
    if (body instanceof Response) return body;
    const validated = validate(correction, body.kind === "json" ? body.value : undefined, "body");
    if ("faults" in validated) return invalidRequest(c, validated.faults);
    const { name } = c.get("caller");
    return c.json(
      budgetView(await c.get("services").ledger.correct({ ...validated.value, actor: name })),
      201,
    );
  });
}
