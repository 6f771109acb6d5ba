import { HonoBase } from "hono/hono-base";
import { TrieRouter } from "hono/router/trie-router";
import type { Env } from "./context.ts";

/** Hono with the router that its `methodNotAllowed` uses anyway: a second one would only slow down each start. */
export function createRouter() {
  return new HonoBase<Env>({ router: new TrieRouter() });
}
