import type { Config, Context } from "@netlify/functions";
import { readConfig } from "../../src/config.ts";
import { apiRoutes } from "../../src/http/api-routes.ts";
import { createApp, createMisconfiguredApp } from "../../src/http/app.ts";
import { hostResolver } from "../../src/local/resolve-host.ts";
import { createLog, createServices } from "../../src/services.ts";

/** Created once per instance, which serves many requests with the same clients. */
const reading = readConfig(process.env);
const app =
  "config" in reading
    ? createApp(createServices(reading.config, { resolveHost: hostResolver() }), [apiRoutes])
    : createMisconfiguredApp(reading.problems, createLog());

export default (request: Request, context: Context) => app.fetch(request, context);

/**
 * Netlify rejects an address after 300 requests a minute, before the function runs. That limits the function time that an
 * attacker can use, and no storefront's back end makes 5 calls a second.
 */
export const config: Config = {
  path: ["/api/*", "/v1/*", "/v2/*"],
  rateLimit: { windowSize: 60, windowLimit: 300, aggregateBy: ["ip", "domain"] },
};
