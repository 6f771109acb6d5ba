import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { TooManyRequests } from "../../ledger/principal.ts";
import type { Env } from "../context.ts";

/**
 * Requests that one process works on at once. A ledger call takes Redis some milliseconds, so the last of them gets its
 * answer well before the 3 s after which a call counts as lost. An instance on Netlify serves far fewer; this is for one
 * process that serves everybody, and for a caller who opens many connections to it.
 */
export const maxRequests = 250;

/** A search reads up to 5,000 records, which keeps Redis busy for some 50 ms. */
export const maxSearches = 16;

/** Learning from a text of 512 KiB keeps the process busy for some 300 ms, in which it answers nobody else. */
export const maxLearning = 4;

/** A wait costs next to nothing, but counts as a request at work: waits must leave space for the others. */
export const maxWaits = 100;

/**
 * Anyone can send the sign-in form, and take 10 s to send it: such requests must not crowd out people who are signed in. A
 * sign-in is answered within milliseconds, so this allows many a second.
 */
export const maxSignIns = 20;

const retryInMs = 1_000;

/**
 * Rejects a request before any work is done for it, when the process already works on `max` others: queued work would be
 * done for callers who have given up, and delay those who come after. Work that continues after its answer does not count
 * as a request and is never rejected. The error handler answers 429, as for a caller beyond its rate.
 */
export function limitConcurrency(max: number): MiddlewareHandler<Env> {
  let active = 0;
  return createMiddleware<Env>(async function limitConcurrency(_, next) {
    if (active >= max) {
      throw new TooManyRequests(retryInMs);
    }
    active += 1;
    try {
      return await next();
    } finally {
      active -= 1;
    }
  });
}
