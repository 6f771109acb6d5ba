/** The dashboard as a person meets it: the whole local service, and a real Chromium. */

import { mkdir } from "node:fs/promises";
import axe from "axe-core";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Config, Environment } from "../../src/config.ts";
import { type Clock, systemClock } from "../../src/domain/time.ts";
import { createLedger } from "../../src/ledger/ledger.ts";
import { composeWith } from "../../src/local/compose.ts";
import type { SettingsChange } from "../../src/local/imagekit/settings.ts";
import {
  type SimulatedImageKit,
  startSimulatedImageKit,
} from "../../src/local/imagekit/simulated-imagekit.ts";
import { findRedisServer } from "../../src/local/redis/real-redis.ts";
import { runLocal } from "../../src/local/run-local.ts";
import { createServices, type Services } from "../../src/services.ts";
import { environmentOfTests, tokens } from "../support/app.ts";
import { describeInChromium } from "../support/chromium.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { startBackend } from "../support/ledger-backends.ts";

export type Dashboard = {
  readonly url: string;
  readonly signInUrl: string;
  /** What arrived at ImageKit, and what it is to answer. */
  readonly imagekit: SimulatedImageKit;
  readonly browser: Browser;
  /** A page of somebody signed in with that token (of test/support/app.ts). It fails the test on any complaint. */
  readonly open: (path: string, as?: keyof typeof tokens, options?: OpenOptions) => Promise<Page>;
  /** The ledger's Redis, for tests that look into it. */
  readonly redis: Backend;
  /** Closes all pages that `open` has opened. */
  readonly closePages: () => Promise<void>;
  /** Calls the API as the admin. */
  readonly api: (path: string, json?: unknown) => Promise<Response>;
  readonly close: () => Promise<void>;
};

type Backend = Awaited<ReturnType<typeof startBackend>>;

type DashboardOptions = {
  readonly env?: Environment;
  readonly settings?: SettingsChange;
  /** The time of the service, the ledger and ImageKit, which a test moves. */
  readonly time?: { now: number };
};

type OpenOptions = BrowserContextOptions & {
  /** Words in a console error that this test provokes on purpose. */
  readonly expected?: RegExp;
};

/**
 * A suite over a dashboard of its own, in Chromium. After each test its pages are closed and ImageKit's faults cleared.
 */
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
    afterEach(async () => {
      started().imagekit.control.clearFaults();
      await started().closePages();
    });
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
      get browser() {
        return started().browser;
      },
      get redis() {
        return started().redis;
      },
      open: (...how) => started().open(...how),
      closePages: () => started().closePages(),
      api: (...call) => started().api(...call),
      close: () => started().close(),
    });
  });
}

export async function startDashboard(options: DashboardOptions = {}): Promise<Dashboard> {
  const { time } = options;
  const clock = time === undefined ? systemClock : { ...systemClock, now: () => time.now };
  const imagekit = await startSimulatedImageKit({ settings: options.settings ?? {}, clock });
  const { PURGE_TOKENS } = environmentOfTests;
  const redis = await startBackend(findRedisServer() === undefined ? "embedded" : "redis-server");
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
    compose: composeWith((config) => servicesAt(config, clock)),
    startImageKit: async () => imagekit,
    onError: (error) => console.error(error),
  });
  const browser = await launchChromium();
  const contexts: BrowserContext[] = [];
  // Signing in is limited by address, so each token signs in once.
  const cookies = new Map<string, ReturnType<typeof sessionCookie>>();
  const cookieOf = (token: string) => {
    const cookie = cookies.get(token) ?? sessionCookie(local.url, token);
    cookies.set(token, cookie);
    return cookie;
  };
  return {
    url: local.url,
    signInUrl: local.signInUrl,
    imagekit,
    browser,
    redis,
    closePages: async () => {
      for (const context of contexts.splice(0)) await context.close();
    },
    open: async (path, as = "admin", { expected, ...contextOptions } = {}) => {
      const context = await browser.newContext(contextOptions);
      contexts.push(context);
      await context.addCookies([await cookieOf(tokens[as])]);
      const page = await context.newPage();
      page.on("pageerror", (error) => expect.fail(`the page threw ${error}`));
      page.on("console", (message) => {
        if (message.type() === "error" && !expected?.test(message.text())) expect.fail(message.text());
      });
      await page.goto(local.url + path);
      return page;
    },
    api: (path, json) =>
      fetch(local.url + path, {
        method: json === undefined ? "GET" : "POST",
        headers: { Authorization: `Bearer ${tokens.admin}`, "Content-Type": "application/json" },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
    close: async () => {
      await browser.close();
      await local.close();
      await redis.close();
    },
  };
}

function servicesAt(config: Config, clock: Clock): Services {
  const services = createServices(config, { clock });
  if (clock === systemClock) return services;
  const { redis, ledgerName: name, policy } = config;
  const makeId = () => services.makeId("o");
  return { ...services, ledger: createLedger({ redis, name, policy, clock, makeId, now: clock.now }) };
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

/** Holds the page against axe's rules; evaluated by the debugger, which the page's policy does not bind. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(`axe.run().then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`);
  expect(found).toEqual([]);
}

/** The page in light and dark, wide and on a phone, as files below artifacts/ to be looked at. */
export async function takeScreenshots(page: Page, name: string): Promise<void> {
  await mkdir("artifacts/screens", { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: width === 360 ? 740 : 800 });
      await page.screenshot({
        path: `artifacts/screens/${name}-${colorScheme}-${width}.png`,
        fullPage: true,
      });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** On a phone nothing hangs over the edge. */
export async function expectNoSidewaysScroll(page: Page, width = 360): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: 740 });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  if (before !== null) await page.setViewportSize(before);
}
