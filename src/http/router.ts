import { HonoBase } from "hono/hono-base";
import { TrieRouter } from "hono/router/trie-router";
import type { Env } from "./context.ts";

/** Hono with the one router that its `methodNotAllowed` brings anyway: a second would be dead weight at each start. */
export function createRouter() {
  return new HonoBase<Env>({ router: new TrieRouter() });
}
