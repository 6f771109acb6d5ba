import type { Config } from "@netlify/functions";
import { pagesFunction } from "../../src/netlify/pages.ts";

export default pagesFunction();

/** The dashboard's pages. api.ts serves /api, /v1 and /v2, and Netlify serves the build's files (/assets) before any function. */
export const config: Config = {
  path: "/*",
  excludedPath: ["/api/*", "/v1/*", "/v2/*"],
  preferStatic: true,
  rateLimit: { windowSize: 60, windowLimit: 300, aggregateBy: ["ip", "domain"] },
};
