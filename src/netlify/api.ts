import { apiRoutes } from "../http/api-routes.ts";
import type { MountOptions } from "./base-path.ts";
import type { NetlifyFunction } from "./netlify-function.ts";
import { serve } from "./serve.ts";

/** The API, for code: everything below `/api`. */
export function api(options: MountOptions = {}): NetlifyFunction {
  return serve([apiRoutes], options);
}
