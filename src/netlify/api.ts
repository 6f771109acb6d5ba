import { apiRoutes } from "../http/api-routes.ts";
import type { MountOptions } from "./base-path.ts";
import type { NetlifyFunction } from "./netlify-function.ts";
import { serve } from "./serve.ts";

/** The API, for code: everything below `/api`, and ImageKit's own below `/v1` and `/v2`. */
export function apiFunction(options: MountOptions = {}): NetlifyFunction {
  return serve([apiRoutes], options);
}
