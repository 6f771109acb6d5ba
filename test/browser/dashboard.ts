/** The dashboard as a person meets it: the whole local service, and a real Chromium. */

import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { Config, Environment } from "../../src/config.ts";
import { type Clock, type EpochMs, systemClock } from "../../src/domain/time.ts";
import { serveAssets } from "../../src/local/assets.ts";
import { composeWith } from "../../src/local/compose.ts";
import type { SettingsChange } from "../../src/local/imagekit/settings.ts";
import {
  type SimulatedImageKit,
  startSimulatedImageKit,
} from "../../src/local/imagekit/simulated-imagekit.ts";
import { findRedisServer } from "../../src/local/redis/real-redis.ts";
import { type Compose, runLocal } from "../../src/local/run-local.ts";
import { createServices, type Services } from "../../src/services.ts";
import { environmentOfTests, tokens } from "../support/app.ts";
import { describeInChromium } from "../support/chromium.ts";
import { sharedChromium } from "../support/launch-chromium.ts";
import { ledgerAt } from "../support/ledger-at.ts";
import { startBackend } from "../support/ledger-backends.ts";
import { serveAxe } from "./accessible.ts";
import { renewable } from "./renewable.ts";
import { emptyContexts, sharedContext } from "./shared-context.ts";

export type Dashboard = {
  readonly url: string;
  readonly signInUrl: string;
  /** What arrived at ImageKit, and what it is to answer. */
  readonly imagekit: SimulatedImageKit;
  /** A page of somebody signed in with that token (of test/support/app.ts). */
  readonly open: (path: string, as?: keyof typeof tokens, options?: OpenOptions) => Promise<Page>;
  /** A page of somebody who is not signed in. */
  readonly visit: (path: string, options?: OpenOptions) => Promise<Page>;
  /** The ledger's Redis, for tests that look into it. */
  readonly redis: Backend;
  /** As if just started: a new instance of the service, an empty ledger, and an ImageKit without faults or arrivals. */
  readonly renew: () => Promise<void>;
  /** The time of the service, the ledger and ImageKit: of this machine, and what the test has let pass. */
  readonly now: () => EpochMs;
  readonly passTime: (durationMs: number) => void;
  /** What is due is swept at once, and not only when the schedule comes to it. */
  readonly sweep: () => Promise<unknown>;
  /** Nothing is swept any more in this test. */
  readonly stopSweeps: () => Promise<void>;
  /** Closes all pages, however they were opened. Fails the test if one that `open` gave has complained. */
  readonly closePages: () => Promise<void>;
  /** Calls the API as the admin. */
  readonly api: (path: string, json?: unknown) => Promise<Response>;
  readonly close: () => Promise<void>;
};

type Backend = Awaited<ReturnType<typeof startBackend>>;

type DashboardOptions = {
  readonly env?: Environment;
  readonly settings?: SettingsChange;
};

type OpenOptions = BrowserContextOptions & {
  /** Words in a console error that this test provokes on purpose. */
  readonly expected?: RegExp;
  /** In a context of its own: for tests that move the clock, which is the context's. */
  readonly isAlone?: boolean;
};

/** Like the tests' other time-outs, this one only ends what hangs. */
const patienceMs = 100_000;

/** Bundled once for all suites of this process. */
const serveAsset = serveAssets();

/** A suite over a dashboard of its own, in Chromium. Each test finds it as if it had just started. */
export function describeDashboard(
  name: string,
  options: DashboardOptions,
  suite: (dashboard: Dashboard) => void,
): void {
  describeInChromium(name, () => {
    let running: Dashboard | undefined;
    const started = (): Dashboard => {
      if (running === undefined) throw new Error("the dashboard has not started yet");
      return running;
    };
    beforeAll(async () => {
      running = await startDashboard(options);
    });
    beforeEach(() => started().renew());
    afterEach(() => started().closePages());
    afterAll(() => running?.close());
    suite({
      get url() {
        return started().url;
      },
      get signInUrl() {
        return started().signInUrl;
      },
      get imagekit() {
        return started().imagekit;
      },
      get redis() {
        return started().redis;
      },
      open: (...how) => started().open(...how),
      visit: (...how) => started().visit(...how),
      renew: () => started().renew(),
      now: () => started().now(),
      passTime: (durationMs) => started().passTime(durationMs),
      sweep: () => started().sweep(),
      stopSweeps: () => started().stopSweeps(),
      closePages: () => started().closePages(),
      api: (...call) => started().api(...call),
      close: () => started().close(),
    });
  });
}

export async function startDashboard(options: DashboardOptions = {}): Promise<Dashboard> {
  let passedMs = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + passedMs };
  const imagekit = await startSimulatedImageKit({ settings: options.settings ?? {}, clock });
  const { PURGE_TOKENS } = environmentOfTests;
  const redis = await startBackend(findRedisServer() === undefined ? "embedded" : "redis-server");
  const service = renewable(withSharedAssets(composeWith((config) => servicesAt(config, clock))));
  const local = await runLocal({
    env: {
      PORT: "0",
      PURGE_TOKENS,
      PURGE_SEND_RATE: "off",
      PURGE_CALLER_RATE: "off",
      PURGE_EDGE_CHECK: "off",
      UPSTASH_REDIS_REST_URL: redis.url,
      UPSTASH_REDIS_REST_TOKEN: redis.token,
      ...options.env,
    },
    compose: service.compose,
    startImageKit: async () => imagekit,
    onError: (error) => console.error(error),
  });
  const browser = await sharedChromium();
  const complaints: string[] = [];
  // Signing in is limited by address, so each token signs in once.
  const cookies = new Map<string, ReturnType<typeof sessionCookie>>();
  const cookieOf = (token: string) => {
    const cookie = cookies.get(token) ?? sessionCookie(local.url, token);
    cookies.set(token, cookie);
    return cookie;
  };
  const visit = async (
    path: string,
    { expected, isAlone = false, ...contextOptions }: OpenOptions = {},
    signedIn: Parameters<BrowserContext["addCookies"]>[0] = [],
  ) => {
    const context = isAlone ? await browser.newContext(contextOptions) : await sharedContext(contextOptions);
    context.setDefaultTimeout(patienceMs);
    await context.addCookies(signedIn);
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(`${path}: ${error}`));
    page.on("console", (message) => {
      const isExpected = message.type() !== "error" || expected?.test(message.text());
      if (!isExpected) complaints.push(`${path}: ${message.text()} ${message.location().url}`);
    });
    await page.goto(local.url + path);
    return page;
  };
  return {
    url: local.url,
    get signInUrl() {
      return local.url + service.signInPath();
    },
    imagekit,
    redis,
    renew: () =>
      service.renew(async () => {
        passedMs = 0;
        imagekit.control.reset();
        await redis.flush();
      }),
    now: clock.now,
    passTime: (durationMs) => {
      passedMs += durationMs;
    },
    sweep: service.sweep,
    stopSweeps: service.stopSweeps,
    closePages: async () => {
      await emptyContexts(local.url);
      expect(complaints.splice(0), "errors on the pages' consoles").toEqual([]);
    },
    open: async (path, as = "admin", options = {}) => visit(path, options, [await cookieOf(tokens[as])]),
    visit,
    api: (path, json) =>
      fetch(local.url + path, {
        method: json === undefined ? "GET" : "POST",
        headers: { Authorization: `Bearer ${tokens.admin}`, "Content-Type": "application/json" },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
    close: async () => {
      await emptyContexts(local.url);
      await local.close();
      await redis.close();
    },
  };
}

function withSharedAssets(compose: Compose): Compose {
  return (settings, parts) => {
    const service = compose(settings, parts);
    if ("problems" in service) return service;
    return {
      ...service,
      fetch: async (request, platform) =>
        serveAxe(request) ?? (await serveAsset(request)) ?? service.fetch(request, platform),
    };
  };
}

function servicesAt(config: Config, clock: Clock): Services {
  const services = createServices(config, { clock });
  return { ...services, ledger: ledgerAt(clock, services) };
}

/** The cookie that signing in with this token gives. */
async function sessionCookie(url: string, token: string) {
  const answer = await fetch(`${url}/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { Origin: url, "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token }).toString(),
  });
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(answer.headers.get("Set-Cookie") ?? "") ?? [];
  if (value === "") throw new Error(`signing in was answered ${answer.status}`);
  return { name, value, url };
}
