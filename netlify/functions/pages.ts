import type { Config, Context } from "@netlify/functions";
import { readConfig } from "../../src/config.ts";
import { dashboardRoutes } from "../../src/dashboard/dashboard.tsx";
import { createApp, createMisconfiguredApp } from "../../src/http/app.ts";
import { hostResolver } from "../../src/local/resolve-host.ts";
import { createLog, createServices } from "../../src/services.ts";

/** Created once per instance, as in api.ts. */
const reading = readConfig(process.env);
const app =
  "config" in reading
    ? createApp(createServices(reading.config, { resolveHost: hostResolver() }), [dashboardRoutes()])
    : createMisconfiguredApp(reading.problems, createLog());

export default (request: Request, context: Context) => app.fetch(request, context);

/** The dashboard's pages. api.ts serves /api, /v1 and /v2, and Netlify serves the build's files (/assets) before any function. */
export const config: Config = {
  path: "/*",
  excludedPath: ["/api/*", "/v1/*", "/v2/*"],
  preferStatic: true,
  rateLimit: { windowSize: 60, windowLimit: 300, aggregateBy: ["ip", "domain"] },
};
