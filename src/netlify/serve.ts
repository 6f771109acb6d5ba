import { readConfig } from "../config.ts";
import { createApp, createMisconfiguredApp } from "../http/app.ts";
import type { RouteGroup } from "../http/route-group.ts";
import { createNodeServices } from "../local/node-services.ts";
import { createLog } from "../services.ts";
import { type MountOptions, readBasePath } from "./base-path.ts";
import type { NetlifyFunction } from "./netlify-function.ts";

/** A function that serves route groups with the settings of its environment; it lasts as long as its instance. */
export function serve(groups: readonly RouteGroup[], options: MountOptions): NetlifyFunction {
  const basePath = readBasePath(options);
  const reading = readConfig(process.env);
  const app =
    "config" in reading
      ? createApp(createNodeServices(reading.config), groups, { basePath })
      : createMisconfiguredApp(reading.problems, createLog(), { basePath });
  return async (request, context) => app.fetch(request, context);
}
