/** The app as a Cloudflare Worker: the same `createApp`, settings from bindings, nothing of Node. */

import { readConfig } from "../../src/config.ts";
import { dashboardRoutes } from "../../src/dashboard/dashboard.tsx";
import { apiRoutes } from "../../src/http/api-routes.ts";
import { createApp, createMisconfiguredApp } from "../../src/http/app.ts";
import { createLog, createServices } from "../../src/services.ts";

type Bindings = Readonly<Record<string, string | undefined>>;
type ExecutionContext = { waitUntil(work: Promise<unknown>): void };

export default {
  fetch(request: Request, bindings: Bindings, context: ExecutionContext): Response | Promise<Response> {
    const reading = readConfig(bindings);
    const app =
      "config" in reading
        ? createApp(createServices(reading.config), [apiRoutes, dashboardRoutes()])
        : createMisconfiguredApp(reading.problems, createLog());
    return app.fetch(request, { waitUntil: (work) => context.waitUntil(work) });
  },
};
