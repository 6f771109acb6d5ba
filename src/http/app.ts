import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { methodNotAllowed } from "hono/method-not-allowed";
import { systemClock } from "../domain/time.ts";
import { LedgerFull, LedgerInDoubt, LedgerUnavailable, RequestTooLarge } from "../ledger/contract.ts";
import { type RateLimit, TooManyRequests } from "../ledger/principal.ts";
import { errorFields, type Log } from "../log.ts";
import type { Services } from "../services.ts";
import { problem } from "./answers/problem.ts";
import { type Env, isPublishedProduction, type Platform, platformOf } from "./context.ts";
import { imagekitApi } from "./middleware/imagekit-api.ts";
import { secure } from "./middleware/security-headers.ts";
import { loggedPath } from "./requests/logged-path.ts";
import type { RouteGroup } from "./route-group.ts";
import { createRouter } from "./router.ts";

export type AppOptions = {
  /** The path below which all routes are: `/` on a site of its own, `/_purge` inside a storefront's. */
  readonly basePath?: string;
  /** Whether a request may use ImageKit's own base URL, judged by what the platform says about it. */
  readonly live?: (platform: Platform) => boolean;
};

/** The HTTP surface, made of route groups. Call it with `app.fetch(request, platform)`. */
export function createApp(services: Services, groups: readonly RouteGroup[], options: AppOptions = {}) {
  const { basePath = "/", live = isPublishedProduction } = options;
  const { config, clock, log, makeId } = services;
  const isLive = (c: Context<Env>) => config.imagekit.kind === "simulated" || live(platformOf(c));

  const base = basePath.replace(/\/$/, "");
  const everything = createRouter();
  everything.use(placedAt(base));
  everything.use(traced({ log, monotonicMs: clock.monotonicMs, makeRequestId: () => makeId("r") }), secure());
  const app = everything.basePath(basePath);
  app.use(imagekitApi({ callerRate: config.policy.callerRate }));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: allowAnswer }));
  app.notFound(unknownRoute(base));
  app.onError(failed(log));
  for (const group of groups) {
    app.route("/", group({ services, isLive, basePath: base }));
  }
  return app;
}

/**
 * Answers 503 everywhere, for a process whose settings are missing or wrong. Only the log names them. Below the base path,
 * ImageKit's paths answer in ImageKit's shape.
 */
export function createMisconfiguredApp(
  settings: readonly string[],
  log: Log,
  { basePath = "/" }: Pick<AppOptions, "basePath"> = {},
) {
  const app = createRouter();
  const { monotonicMs } = systemClock;
  app.use(traced({ log, monotonicMs, makeRequestId: () => `r_${crypto.randomUUID()}` }), secure());
  app.use(placedAt(basePath.replace(/\/$/, "")));
  app.basePath(basePath).use(imagekitApi({ callerRate: "off" }));
  app.onError(failed(log));
  app.all("*", (c) => {
    log("misconfigured", { requestId: c.get("requestId"), problems: settings });
    return problem(c, "misconfigured", "Settings are missing or wrong; the log and the build name them.");
  });
  return app;
}

/** Tells every handler the path below which all routes are. */
function placedAt(basePath: string) {
  return createMiddleware<Env>(async function placedAt(c, next) {
    c.set("basePath", basePath);
    await next();
  });
}

/** Gives every request an id, returns it in `X-Request-Id`, and logs one line per answer, never with the query. */
function traced(options: {
  readonly log: Log;
  readonly monotonicMs: () => number;
  readonly makeRequestId: () => string;
}) {
  return createMiddleware<Env>(async function traced(c, next) {
    const startedMs = options.monotonicMs();
    const given = platformOf(c).requestId ?? "";
    const requestId = /^[\w-]{1,100}$/.test(given) ? given : options.makeRequestId();
    c.set("requestId", requestId);
    c.set("startedMs", startedMs);
    await next();
    c.res.headers.set("X-Request-Id", requestId);
    options.log("request", {
      requestId,
      method: c.req.method,
      path: loggedPath(c.req.path),
      status: c.res.status,
      code: c.get("problemCode"),
      actor: c.get("caller")?.name,
      durationMs: Math.round(options.monotonicMs() - startedMs),
    });
  });
}

/** The route exists, but not for this method. OPTIONS lists the methods; there is no CORS to answer. */
function allowAnswer(c: Context<Env>, methods: string[]): Response {
  const allow = [...methods, "OPTIONS"].join(", ");
  c.res.headers.delete("Content-Type"); // Of the 404 that this replaces.
  if (c.req.method === "OPTIONS") return c.body(null, 204, { Allow: allow });
  return problem(c, "method-not-allowed", `Use ${methods.join(" or ")}.`, {}, { Allow: allow });
}

/**
 * The base path also works with a trailing slash: browsers like to add one. What is not below it only arrives if the
 * platform's path for this function is another.
 */
function unknownRoute(basePath: string) {
  return function unknownRoute(c: Context<Env>): Response {
    const { pathname, search } = new URL(c.req.url);
    if (basePath !== "" && pathname === `${basePath}/`) return c.redirect(basePath + search, 308);
    if (!`${pathname}/`.startsWith(`${basePath}/`)) {
      const detail = `All routes are below ${basePath}: the function's path must begin with its base path.`;
      return problem(c, "not-found", detail);
    }
    const slash = pathname.endsWith("/") ? " No route ends in a slash: omit the final one." : "";
    // A wrong base URL shows in the path: /api/api/purges.
    const detail = `There is no route ${pathname.slice(0, 200)}; ${basePath}/api/docs lists them all.${slash}`;
    return problem(c, "not-found", detail);
  };
}

const rateLimitDetails: Readonly<Record<RateLimit, string>> = {
  calls: "",
  storage: "This token's submissions already fill the part of the ledger that one token may use. ",
};

/** No Retry-After: it lasts until a person has acted. */
const inDoubt =
  "The ledger has lost keys, so the rest of the month's budget is unknown: nothing is accepted until an operator " +
  "enters a correction (see /api/health). Nothing was recorded or charged.";

function unavailableWords(error: LedgerUnavailable) {
  if (error instanceof LedgerFull && error.wroteNothing) {
    return { detail: "The ledger's Redis is full: nothing was recorded or charged.", retryAfter: "60" };
  }
  const detail =
    "It is unknown whether this was recorded. Send it again: with the same Idempotency-Key, or as an SDK's own resend, it costs nothing more.";
  return { detail, retryAfter: "5" };
}

function failed(log: Log) {
  return function failed(error: Error, c: Context<Env>): Response {
    const requestId = c.get("requestId");
    if (error instanceof TooManyRequests) {
      const seconds = Math.ceil(error.retryInMs / 1000);
      const detail = `${rateLimitDetails[error.limit]}Nothing was done; try again in ${seconds} s.`;
      return problem(c, "rate-limited", detail, {}, { "Retry-After": String(seconds) });
    }
    if (error instanceof RequestTooLarge) {
      return problem(c, "body-too-large", error.message, { limit: error.limitBytes });
    }
    if (error instanceof LedgerUnavailable) {
      log("ledger-unavailable", { requestId, ...errorFields(error) });
      const { detail, retryAfter } = unavailableWords(error);
      return problem(c, "ledger-unavailable", detail, {}, { "Retry-After": retryAfter });
    }
    if (error instanceof LedgerInDoubt) {
      log("ledger-in-doubt", { requestId });
      return problem(c, "ledger-unavailable", inDoubt);
    }
    log("failed", { requestId, ...errorFields(error) });
    return problem(c, "internal", "The cause is in the log under this requestId.");
  };
}
