import type { Context } from "hono";
import { LedgerUnavailable } from "../../ledger/contract.ts";
import { errorFields } from "../../log.ts";
import type { Services } from "../../services.ts";
import { type Check, healthChecks, ledgerAway, worstOf } from "../answers/health-checks.ts";
import { problem } from "../answers/problem.ts";
import type { Env } from "../context.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Endpoint } from "../openapi/description.ts";
import { remember } from "../remember.ts";
import { sessionOf } from "../requests/session.ts";
import { createRouter } from "../router.ts";

const endpoint = { method: "get", path: "/api/health", scope: "none" } as const satisfies Endpoint;

export const description: Description = {
  endpoint,
  operationId: "readHealth",
  tag: "Service",
  summary: "Check whether the service is up and well",
  text: "Without a token: only whether the service is up, from an answer at most a minute old. With the scope `read`: every check, what it saw, and what to do about it.",
  answers: [{ status: 200, schema: "Health", text: "Up. `status` is the worst of the checks." }],
  problems: ["unauthorized", "forbidden", "ledger-unavailable"],
};

/**
 * Each process asks Redis at most this often for all anonymous callers together: one command a minute is 44,640 a month, a
 * small part of Upstash's 500,000. A monitor that asks every minute learns of an outage with its next request.
 */
const upForMs = 60_000;
/** Shorter, so that monitors soon see that Redis is back. A failing check takes 2 s or more and at most ten commands. */
const awayForMs = 10_000;

/** CDN caches answer the plain address. A varying query string bypasses them, but costs no Redis command either. */
const anonymousCaching = {
  "Cache-Control": "public, max-age=5",
  Vary: "Authorization, Cookie",
  "Netlify-Vary": "header=Authorization,cookie=__Host-purge-desk|__Secure-purge-desk",
};

/** `isLive`: whether this deployment may touch the ledger at all. */
export function healthRoute(services: Services, isLive: (c: Context<Env>) => boolean) {
  const isLedgerUp = remember(
    async () => (await answers(services, () => services.ledger.isIdle())) !== undefined,
    { now: services.clock.now, keepMs: (isUp) => (isUp ? upForMs : awayForMs) },
  );
  return createRouter().get(
    endpoint.path,
    async (c, next) => {
      const { config, clock } = services;
      const isAnonymous =
        c.req.header("Authorization") === undefined &&
        (await sessionOf(c, { config, now: clock.now() })) === "absent";
      if (!isAnonymous) return next();
      if (isLive(c) && !(await isLedgerUp())) {
        return problem(c, "ledger-unavailable", "The ledger cannot be reached.", {}, anonymousCaching);
      }
      return c.json({ status: "up" }, 200, anonymousCaching);
    },
    requireScope(services, "read"),
    async (c) => {
      if (!isLive(c)) return c.json({ status: "warning", checks: [notLive] }, 200);
      const health = await answers(c.get("services"), () => c.get("services").ledger.health());
      if (health === undefined) {
        return problem(c, "ledger-unavailable", "The ledger cannot be reached.", { checks: [ledgerAway] });
      }
      const checks = healthChecks(health.value);
      return c.json({ status: worstOf(checks), checks }, 200);
    },
  );
}

const notLive: Check = {
  name: "live",
  state: "warning",
  seen: "not the published production deploy; the ledger was not checked",
  advice: "Use the site's own address. Previews and old deploys neither purge nor read.",
};

async function answers<T>(
  services: Services,
  ask: () => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    services.log("ledger-unavailable", errorFields(error));
    return undefined;
  }
}
