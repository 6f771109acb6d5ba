import type { Config, Context } from "@netlify/functions";
import { readConfig } from "../../src/config.ts";
import { apiRoutes } from "../../src/http/api-routes.ts";
import { createApp, createMisconfiguredApp } from "../../src/http/app.ts";
import { createLog, createServices } from "../../src/services.ts";

/** Once a module load: an instance serves many requests with the same clients. */
const reading = readConfig(process.env);
const app =
  "config" in reading
    ? createApp(createServices(reading.config), [apiRoutes])
    : createMisconfiguredApp(reading.problems, createLog());

export default (request: Request, context: Context) => app.fetch(request, context);

/**
 * Netlify itself turns away an address that asks more than 300 times a minute, before the function runs. That bounds the
 * function time that a stranger spends, and no storefront's back end comes near 5 calls a second.
 */
export const config: Config = {
  path: "/api/*",
  rateLimit: { windowSize: 60, windowLimit: 300, aggregateBy: ["ip", "domain"] },
};
