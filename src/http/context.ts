import type { Context } from "hono";
import type { Caller } from "../domain/caller.ts";
import type { Services } from "../services.ts";

/** What the platform says of one request. Netlify's own `Context` is one; elsewhere all of it may be absent. */
export type Platform = {
  readonly requestId?: string | undefined;
  /** The address that asks, as far as the platform knows it. */
  readonly ip?: string | undefined;
  readonly deploy?: { readonly context: string; readonly published: boolean } | undefined;
  /** Keeps the function alive after its answer until the work is done. */
  waitUntil?(work: Promise<unknown>): void;
};

/** What every handler can rely on. `caller` and `services` are there behind `requireScope`. */
export type Env = {
  Bindings: Platform;
  Variables: {
    requestId: string;
    /** Below which all routes hang, without a final slash; empty on a site of its own. */
    basePath: string;
    /** When the request came in, on the monotonic clock. */
    startedMs: number;
    caller: Caller;
    /** For this request: logs under its id, and on the caller's rate. */
    services: Services;
    /** The code of the problem that was answered, for the log. */
    problemCode: string | undefined;
  };
};

/** The one deployment that may use ImageKit's own base URL; previews, branches and old permalinks are not it. */
export function isPublishedProduction(platform: Platform): boolean {
  return platform.deploy?.context === "production" && platform.deploy.published === true;
}

/** What was said of this request; where nothing is said (`app.request` in a test), nothing is known. */
export function platformOf(c: Context<Env>): Platform {
  return c.env ?? {};
}
