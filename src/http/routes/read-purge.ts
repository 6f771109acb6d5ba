import { idPattern } from "../../domain/ids.ts";
import type { Services } from "../../services.ts";
import { pollThenReadPurge } from "../../use-cases/read-purges.ts";
import { purgeView } from "../answers/views.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { createRouter } from "../router.ts";
import { noSuchPurge } from "./purge-action-route.ts";

const route = { method: "get", path: "/api/purges/:id", scope: "read" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "readPurge",
  tag: "Purges",
  summary: "Read one purge with its timeline",
  text: "A status check that is due is made with ImageKit before the answer. An overdue purge carries a support text that is ready to send.",
  answers: [{ status: 200, schema: "Purge", text: "The purge." }],
  problems: ["not-found"],
};

export function readPurgeRoute(services: Services) {
  return createRouter().get(route.path, requireScope(services, route.scope), async (c) => {
    const id = c.req.param("id");
    const purge = idPattern("p").test(id) ? await pollThenReadPurge(c.get("services"), id) : undefined;
    return purge === undefined ? noSuchPurge(c) : c.json(purgeView(purge), 200);
  });
}
