import type { Context } from "hono";
import type { Services } from "../../services.ts";
import { healthNow, probeLedger } from "../../use-cases/health-now.ts";
import type { Check } from "../answers/check.ts";
import { healthChecks, ledgerAway, worstOf } from "../answers/health-checks.ts";
import { problem } from "../answers/problem.ts";
import type { Env } from "../context.ts";
import { requireScope } from "../middleware/require-scope.ts";
import type { Description, Route } from "../openapi/description.ts";
import { remember } from "../remember.ts";
import { sessionOf } from "../requests/session.ts";
import { createRouter } from "../router.ts";

const route = { method: "get", path: "/api/health", scope: "none" } as const satisfies Route;

export const description: Description = {
  route,
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
  const probeForAnonymous = remember(() => probeLedger(services), {
    now: services.clock.now,
    keepMs: (seen) => (seen === "up" ? upForMs : awayForMs),
  });
  return createRouter().get(
    route.path,
    async (c, next) => {
      const { config, clock } = services;
      const isAnonymous =
        c.req.header("Authorization") === undefined &&
        (await sessionOf(c, { config, now: clock.now() })) === "absent";
      if (!isAnonymous) return next();
      const seen = isLive(c) ? await probeForAnonymous() : "up";
      if (seen !== "up") return problem(c, "ledger-unavailable", words[seen], {}, anonymousCaching);
      return c.json({ status: "up" }, 200, anonymousCaching);
    },
    requireScope(services, "read"),
    async (c) => {
      if (!isLive(c)) return c.json({ status: "warning", checks: [notLive] }, 200);
      const health = await healthNow(c.get("services"));
      if (health === undefined) {
        return problem(c, "ledger-unavailable", words.away, { checks: [ledgerAway] });
      }
      const checks = healthChecks(health);
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

const words = {
  away: "The ledger cannot be reached.",
  full: "The ledger's Redis is full: nothing new is accepted.",
} as const;
