import type { Description, Endpoint } from "../openapi/description.ts";
import { openApiDocument } from "../openapi/document.ts";
import { createRouter } from "../router.ts";

const endpoint = { method: "get", path: "/api/openapi.json", scope: "none" } as const satisfies Endpoint;

export const description: Description = {
  endpoint,
  operationId: "readOpenApi",
  tag: "Service",
  summary: "This document",
  text: "OpenAPI 3.1, made from the schemas that check the requests.",
  answers: [{ status: 200, schema: "Document", text: "The document." }],
  problems: ["not-live"],
};

/** The generated document, with the base path of this deployment as its server. */
export function openApiRoute() {
  return createRouter().get(endpoint.path, async (c) => {
    const url = c.req.path.slice(0, -endpoint.path.length) || "/";
    return c.json({ ...(await openApiDocument()), servers: [{ url }] }, 200);
  });
}
