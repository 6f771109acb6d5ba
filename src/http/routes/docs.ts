import { contentSecurityPolicy } from "../middleware/security-headers.ts";
import type { Description, Route } from "../openapi/description.ts";
import { docsPage, docsStyle } from "../openapi/docs-page.ts";
import { openApiDocument } from "../openapi/document.ts";
import { createRouter } from "../router.ts";

const route = { method: "get", path: "/api/docs", scope: "none" } as const satisfies Route;

export const description: Description = {
  route,
  operationId: "readDocs",
  tag: "Service",
  summary: "This document as a page",
  text: "Made from the OpenAPI document; loads nothing from other sites.",
  answers: [{ status: 200, schema: "Page", text: "The page." }],
  problems: ["not-live"],
};

/** The page's policy allows its one style by hash, and no other. */
export function docsRoute() {
  return createRouter().get(route.path, async (c) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(docsStyle));
    const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
    c.header("Content-Security-Policy", contentSecurityPolicy({ "style-src": `'sha256-${hash}'` }));
    const basePath = c.req.path.slice(0, -route.path.length);
    return c.html(docsPage(await openApiDocument(), basePath), 200);
  });
}
