import type { Context } from "hono";
import type { Env } from "../context.ts";

/** Whether a request that may change something says that it comes from our own pages. Reading needs no such proof. */
export function hasOwnOrigin(c: Context<Env>): boolean {
  if (c.req.method === "GET" || c.req.method === "HEAD") return true;
  return c.req.header("Origin") === new URL(c.req.url).origin;
}
