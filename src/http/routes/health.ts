import type { Context } from "hono";
import { LedgerFull, LedgerUnavailable } from "../../ledger/contract.ts";
import { errorFields } from "../../log.ts";
import type { Services } from "../../services.ts";
import { requireScope } from "../auth.ts";
import type { Description, Endpoint } from "../description.ts";
import { type Check, healthChecks, ledgerAway, ledgerFull, worstOf } from "../health-checks.ts";
import type { Env } from "../platform.ts";
import { problem } from "../problem.ts";
import { createRouter } from "../router.ts";
import { sessionOf } from "../session.ts";

const endpoint = { method: "get", path: "/api/health", scope: "none" } as const satisfies Endpoint;

export const description: Description = {
  endpoint,
  operationId: "readHealth",
  tag: "Service",
  summary: "Is the service up, and is all well?",
  text: "Without a token: only up or not, and the answer may be a few seconds old. With the scope `read`: every check, what was seen, and what to do about it.",
  answers: [{ status: 200, schema: "Health", text: "Up. `status` is the worst of the checks." }],
  problems: ["unauthorized", "forbidden", "ledger-unavailable"],
};

/** Strangers are answered from caches for so long, so that they cannot spend Redis commands. */
const anonymousCaching = {
  "Cache-Control": "public, max-age=5",
  Vary: "Authorization, Cookie",
  "Netlify-Vary": "header=Authorization,cookie=__Host-purge-desk|__Secure-purge-desk",
};

/** `isLive`: whether this deployment may touch the ledger at all. */
export function healthRoute(services: Services, isLive: (c: Context<Env>) => boolean) {
  return createRouter().get(
    endpoint.path,
    async (c, next) => {
      const { config, clock } = services;
      const isStranger =
        c.req.header("Authorization") === undefined &&
        (await sessionOf(c, { config, now: clock.now() })) === "absent";
      if (!isStranger) return next();
      const seen = isLive(c) ? await probe(services) : "up";
      if (seen !== "up") return problem(c, "ledger-unavailable", words[seen], {}, anonymousCaching);
      return c.json({ status: "up" }, 200, anonymousCaching);
    },
    requireScope(services, "read"),
    async (c) => {
      if (!isLive(c)) return c.json({ status: "warning", checks: [notLive] }, 200);
      const own = c.get("services");
      const health = await answers(own, () => own.ledger.health());
      if (health === undefined) {
        return problem(c, "ledger-unavailable", words.away, { checks: [ledgerAway] });
      }
      const isFull = (await probe(own)) === "full";
      const checks = [...healthChecks(health.value), ...(isFull ? [ledgerFull] : [])];
      return c.json({ status: worstOf(checks), checks }, 200);
    },
  );
}

const notLive: Check = {
  name: "live",
  state: "warning",
  seen: "not the published production deploy; the ledger was not asked",
  advice: "Use the site's own address. Previews and old deploys neither purge nor read.",
};

const words = {
  away: "The ledger cannot be reached.",
  full: "The ledger's Redis is full: nothing new is accepted.",
} as const;

/** Whether the ledger answers, and takes a write. */
async function probe(services: Services): Promise<"up" | "full" | "away"> {
  try {
    await services.ledger.probe();
    return "up";
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    services.log("ledger-unavailable", errorFields(error));
    return error instanceof LedgerFull ? "full" : "away";
  }
}

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
