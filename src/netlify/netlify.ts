/**
 * `purge-desk/netlify`: the functions of Purge Desk for a storefront's own site. Each loads only its own code. A function's
 * file holds its `config` itself, as a literal: Netlify reads path and schedule from the file's text, without running it.
 */

import { type MountOptions, readBasePath } from "./base-path.ts";
import type { NetlifyFunction } from "./netlify-function.ts";

export type { MountOptions } from "./base-path.ts";
export type { FunctionContext, NetlifyFunction } from "./netlify-function.ts";

/**
 * The API, for code. Netlify's paths for it: `<basePath>/api/*`, and `/v1/*` and `/v2/*` below it, which are ImageKit's. Throws
 * a TypeError if the base path cannot be one.
 */
export function api(options: MountOptions = {}): NetlifyFunction {
  readBasePath(options);
  return loaded(import("./api.ts").then((module) => module.apiFunction(options)));
}

/**
 * The dashboard, for people. Netlify's paths for it: `<basePath>` and `<basePath>/*` without those of the API. Throws a
 * TypeError if the base path cannot be one.
 */
export function pages(options: MountOptions = {}): NetlifyFunction {
  readBasePath(options);
  return loaded(import("./pages.ts").then((module) => module.pagesFunction(options)));
}

/** The scheduled sweep. Netlify's schedule for it: `* * * * *`. */
export function sweep(): NetlifyFunction {
  return loaded(import("./sweep.ts").then((module) => module.sweepFunction()));
}

/** Loading begins at once, with the function's start; a failure belongs to the requests that then wait for it. */
function loaded(loading: Promise<NetlifyFunction>): NetlifyFunction {
  loading.catch(() => {});
  return async (request, context) => (await loading)(request, context);
}
