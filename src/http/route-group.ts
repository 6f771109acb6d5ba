import type { Context } from "hono";
import type { Services } from "../services.ts";
import type { Env } from "./context.ts";
import type { createRouter } from "./router.ts";

/** What a route group is built from. */
export type RouteContext = {
  readonly services: Services;
  /** Whether a request may touch ImageKit and the ledger. */
  readonly isLive: (c: Context<Env>) => boolean;
  /** Without a final slash; empty on a site of its own. */
  readonly basePath: string;
};

/**
 * Routes for one kind of caller: the API for code, the dashboard for people. Netlify runs a function for each, so that
 * neither loads the other's code; `npm start` serves both from one process.
 */
export type RouteGroup = (context: RouteContext) => ReturnType<typeof createRouter>;
