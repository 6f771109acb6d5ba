import type { Description, Route } from "../openapi/description.ts";
import { openApiDocument } from "../openapi/document.ts";
import { createRouter } from "../router.ts";

const route = { method: "get", path: "/api/openapi.json", scope: "none" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "readOpenApi",
  tag: "Service",
  summary: "This document",
  text: "OpenAPI 3.1, made from the schemas that check the requests.",
  answers: [{ status: 200, schema: "Document", text: "The document." }],
  problems: ["not-live"],
};

/** The generated document, with the base path of this deployment as its server. */
export function openApiRoute() {
  return createRouter().get(route.path, async (c) => {
    const url = c.req.path.slice(0, -route.path.length) || "/";
    return c.json({ ...(await openApiDocument()), servers: [{ url }] }, 200);
  });
}
