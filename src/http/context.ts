import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Caller } from "../domain/caller.ts";
import type { Services } from "../services.ts";
import type { Invocation } from "../use-cases/send-batch.ts";

/** What the platform says about one request. Netlify's `Context` fits; elsewhere all of it may be absent. */
export type Platform = {
  readonly requestId?: string | undefined;
  /** The client's address, if the platform knows it. */
  readonly ip?: string | undefined;
  readonly deploy?: { readonly context: string; readonly published: boolean } | undefined;
  /** The headers as they were sent, names and values in turn. Netlify joins repeated ones and does not have it. */
  readonly rawHeaders?: readonly string[] | undefined;
  /** Keeps the function alive after its answer until the work is done. */
  waitUntil?(work: Promise<unknown>): void;
};

/** A problem before it has a shape. */
export type ShapelessProblem = {
  readonly code: string;
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** What every handler can rely on. `caller` and `services` are there once the caller is known (`setCaller`). */
export type Env = {
  Bindings: Platform;
  Variables: {
    requestId: string;
    /** The path below which all routes are, without a final slash; empty on a site of its own. */
    basePath: string;
    /** When the request arrived, on the monotonic clock. */
    startedMs: number;
    caller: Caller;
    /** For this request: they log its id and use the caller's rate. */
    services: Services;
    /** The problem code of the answer, for the log. */
    problemCode: string | undefined;
    /** Answers a problem in another shape than RFC 9457, where the path belongs to another API. */
    answerProblem: ((problem: ShapelessProblem) => Response) | undefined;
  };
};

/** Only this deployment may use ImageKit's own base URL; previews, branch deploys and old permalinks may not. */
export function isPublishedProduction(platform: Platform): boolean {
  return platform.deploy?.context === "production" && platform.deploy.published === true;
}

/** What the platform says about this request; nothing in a test that calls `app.request`. */
export function platformOf(c: Context<Env>): Platform {
  return c.env ?? {};
}

/** Netlify gives a function 60 s; 2 s are reserved for its start and its end. */
const functionTimeMs = 58_000;

/** How long a submission may work in this request, after the answer too. */
export function invocationOf(c: Context<Env>): Invocation {
  return { deadlineMs: c.get("startedMs") + functionTimeMs };
}
