import { dashboardRoutes } from "../dashboard/dashboard.tsx";
import type { MountOptions } from "./base-path.ts";
import type { NetlifyFunction } from "./netlify-function.ts";
import { serve } from "./serve.ts";

/** The dashboard, for people. Its script and style are static files below `/assets`. */
export function pagesFunction(options: MountOptions = {}): NetlifyFunction {
  return serve([dashboardRoutes()], options);
}
