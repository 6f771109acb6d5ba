import type { Context } from "hono";
import type { Services } from "../services.ts";
import type { Env } from "./context.ts";
import type { createRouter } from "./router.ts";

/** What a room of the HTTP surface is built from. */
export type House = {
  readonly services: Services;
  /** Whether a request may touch ImageKit and the ledger. */
  readonly isLive: (c: Context<Env>) => boolean;
  /** Without a final slash; empty on a site of its own. */
  readonly basePath: string;
};

/**
 * Routes for one kind of caller: the API for code, the dashboard for people. Netlify has a function for each, so
 * that neither carries the other's bytes; `npm start` has them all in one.
 */
export type Room = (house: House) => ReturnType<typeof createRouter>;
