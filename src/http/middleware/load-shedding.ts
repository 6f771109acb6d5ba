import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { CallerRateLimited } from "../../ledger/principal.ts";
import type { Env } from "../context.ts";

/**
 * So many requests may be under way in one process. A ledger call takes Redis some milliseconds, so the last of them
 * still has its answer well before the 3 s after which it would count as lost. An instance on Netlify serves far
 * fewer at once; this is for one process that serves all, and for whoever opens many connections to it.
 */
export const mostRequests = 250;

/** A search reads up to 5,000 records, some 50 ms during which Redis does nothing else. */
export const mostSearches = 16;

/** Waits cost next to nothing, but each is a request under way: they must leave room for those that work. */
export const mostWaits = 100;

/**
 * Whoever signs in is nobody yet, and a form of nobody's may take its 10 s to arrive: these must not take the room of
 * those who are signed in. A sign-in has its answer within milliseconds, so that this is many in a second.
 */
export const mostSignIns = 20;

const retryInMs = 1_000;

/**
 * Refuses a request at once, before anything was done for it, when `most` others are under way here: work piled up
 * for callers who have long gone would be answered to nobody, and hold up those who come after. What runs on behind
 * an answer is no request, and is never refused. Each room answers it as it does a caller beyond its rate.
 */
export function shedBeyond(most: number): MiddlewareHandler<Env> {
  let underWay = 0;
  return createMiddleware<Env>(async function shedBeyond(_, next) {
    if (underWay >= most) {
      throw new CallerRateLimited(retryInMs);
    }
    underWay += 1;
    try {
      return await next();
    } finally {
      underWay -= 1;
    }
  });
}
