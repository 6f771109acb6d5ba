import type { Context } from "hono";
import type { Caller } from "../domain/caller.ts";
import { errorFields, type Log } from "../log.ts";
import type { Services } from "../services.ts";
import type { Run } from "../use-cases/submit-purges.ts";

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

/** Netlify gives a function 60 s; two are kept for its start and its end. */
const functionTimeMs = 58_000;

/** How long a submission may work in this request, and how it goes on behind the answer. */
export function runOf(c: Context<Env>): Run {
  return {
    deadlineMs: c.get("startedMs") + functionTimeMs,
    background: backgroundOf(c, c.get("services").log),
  };
}

/** Keeps work alive after the answer, and logs it if it fails: nobody is left to tell. */
function backgroundOf(c: Context<Env>, log: Log): (work: Promise<void>) => void {
  return function background(work) {
    const logged = work.catch((error: unknown) => log("background-failed", errorFields(error)));
    platformOf(c).waitUntil?.(logged);
  };
}
