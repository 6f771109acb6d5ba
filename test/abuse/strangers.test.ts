/** The commands that a stranger can cause at Redis, counted where they arrive. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { dashboardRoutes } from "../../src/dashboard/dashboard.tsx";
import { apiRoutes } from "../../src/http/api-routes.ts";
import { createApp } from "../../src/http/app.ts";
import { maxBodyBytes } from "../../src/http/requests/body.ts";
import { createServices, type Services } from "../../src/services.ts";
import { origin, sessionCookie, sessionSecret } from "../dashboard/session.ts";
import { configOf, environmentOfTests, startApp, type TestApp, tokens } from "../support/app.ts";
import { hurriedClock } from "../support/hurried-clock.ts";
import { isEverythingRun } from "../support/property-runs.ts";

const purgeId = "p_01kaq3h8x0fj7m2k9t4v6w8y0z";
const batchId = "b_01kaq3h8x0fj7m2k9t4v6w8y0a";
const second = 1_000;
const minute = 60 * second;
const times = (count: number) => Array.from({ length: count }, (_, index) => index);
const randomToken = () =>
  `pd_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url")}`;
const appOf = (services: Services) =>
  createApp(services, [apiRoutes, dashboardRoutes({ takeSignInCode: () => undefined })]);

/** The path of every route, and some paths that no route has. */
const paths = new Set([
  ...appOf(createServices(configOf({ ...environmentOfTests, ...sessionSecret })))
    .routes.map(({ path }) => path)
    .filter((path) => !path.includes("*"))
    .map((path) =>
      path
        .replace(/batches\/:id/, `batches/${batchId}`)
        .replace(":id", purgeId)
        .replace(/:act\{(\w+).*?\}/, "$1")
        .replace(/:\w+/, "q8Zr3vJ0aUe1c5TnYw7BdA"),
    ),
  ...["/nowhere", "/api/nowhere", "/api/plan/", "//api/plan"],
]);
const methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] as const;
const origins = [undefined, origin, "https://evil.test"] as const;

const time = { now: Date.parse("2026-11-15T12:00:00.000Z") };
let desk: TestApp;
let app: ReturnType<typeof appOf>;
let expired = "";
beforeAll(async () => {
  desk = await startApp({ env: sessionSecret, clock: { ...hurriedClock(), now: () => time.now } });
  expired = await sessionCookie(desk, tokens.admin);
  time.now += 13 * 60 * minute;
});
/** Each test begins with a process that has just started, and with the count at zero. */
beforeEach(async () => {
  app = appOf(desk.services);
  time.now += 60 * minute;
  await desk.redis.flush();
});
afterAll(() => desk.close());

const commands = () => desk.redis.bridge.counts();
const none = { roundTrips: 0, commands: {} };

/** Sends a request from the one address that all strangers and the owner share here, and reads the answer to its end. */
async function ask(path: string, init: RequestInit = {}): Promise<number> {
  const answer = await app.fetch(new Request(origin + path, init), { ip: "192.0.2.1" });
  await answer.arrayBuffer();
  return answer.status;
}
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

/** Credentials that a stranger may send. */
const credentials: readonly (readonly [string, () => Record<string, string>])[] = [
  ["nothing", () => ({})],
  ["a random token", () => ({ Authorization: `Bearer ${randomToken()}` })],
  ["a malformed token", () => ({ Authorization: "Bearer pd_" })],
  ["a token of 10,000 characters", () => ({ Authorization: `Bearer pd_${"x".repeat(10_000)}` })],
  ["another scheme", () => ({ Authorization: `Basic ${btoa(`${randomToken()}:`)}` })],
  ["a forged cookie", () => ({ Cookie: expired.replace("admin-actor", "read-actor") })],
  ["a cookie that has expired", () => ({ Cookie: expired })],
  ["a cookie of nonsense", () => ({ Cookie: "__Host-purge-desk=%ff.%00; __Host-purge-desk" })],
];

/** Bodies for the methods that may have one. */
const bodies: readonly (readonly [string, () => string])[] = [
  ["application/x-www-form-urlencoded", () => `token=${randomToken()}&next=/`],
  ["application/json", () => '{"urls":["https://ik.imagekit.io/demo/a.jpg"],"external":1}'],
];

describe("a stranger costs Redis nothing", () => {
  test.each([...paths])(
    "a stranger causes no Redis command on %s, with any method, credentials, origin and body",
    async (path) => {
      // The only answer to strangers that asks Redis; it is remembered.
      await ask("/api/health");
      await desk.redis.bridge.resetCounts();
      for (const [m, method] of methods.entries()) {
        for (const [w, [who, said]] of credentials.entries()) {
          for (const [o, from] of origins.entries()) {
            // In `npm test` every two of them meet, not every three.
            if (!isEverythingRun() && (m + w + o) % origins.length !== 0) continue;
            const hasBody = !["GET", "HEAD", "OPTIONS"].includes(method);
            for (const [type, body] of hasBody ? bodies : [["", () => ""] as const]) {
              const headers = {
                ...said(),
                ...(from && { Origin: from }),
                ...(hasBody && { "Content-Type": type }),
              };
              const status = await ask(`${path}?x=${randomToken()}`, {
                method,
                headers,
                ...(hasBody && { body: body() }),
              });
              expect(status, `${method} with ${who}`).toBeLessThan(500);
            }
          }
        }
      }
      expect(commands()).toEqual(none);
    },
  );

  test("a stranger's body that is too large causes no Redis command", async () => {
    const body = `token=${"x".repeat(maxBodyBytes)}`;
    for (const path of paths) {
      const headers = { Origin: origin, "Content-Type": "application/x-www-form-urlencoded" };
      await ask(path, { method: "POST", headers, body });
      await ask(path, { method: "POST", headers: { ...headers, ...bearer(randomToken()).headers }, body });
    }
    expect(commands()).toEqual(none);
  });

  test("the same count sees the commands of a caller with a token", async () => {
    expect(await ask("/api/budget", bearer(tokens.read))).toBe(200);
    expect(commands().roundTrips).toBeGreaterThan(0);
  });
});

describe("the anonymous health answer", () => {
  const health = (n: number) => ask(`/api/health?x=${n}`);

  test("300 anonymous health checks at once cause one Redis command, whatever their query", async () => {
    expect(new Set(await Promise.all(times(300).map(health)))).toEqual(new Set([200]));
    expect(commands()).toEqual({ roundTrips: 1, commands: { SET: 1 } });
  });

  test("300 anonymous health checks a minute cause one Redis command a minute, 44,640 in a month of 31 days", async () => {
    const minutes = 5;
    for (const n of times(300 * minutes)) {
      expect(await health(n)).toBe(200);
      time.now += minute / 300;
    }
    expect(commands()).toEqual({ roundTrips: minutes, commands: { SET: minutes } });
    expect((commands().roundTrips / minutes) * 60 * 24 * 31).toBe(44_640);
  });

  test("the anonymous health check remembers for 10 s that the ledger cannot be reached", async () => {
    desk.redis.bridge.setFault(() => "lose-request");
    expect(await health(0)).toBe(503);
    const { roundTrips } = commands();
    expect(roundTrips).toBeLessThanOrEqual(10);
    time.now += 9 * second;
    expect(new Set(await Promise.all(times(300).map(health)))).toEqual(new Set([503]));
    expect(commands().roundTrips).toBe(roundTrips);
    desk.redis.bridge.setFault(undefined);
    time.now += second;
    expect(await health(0)).toBe(200);
  });

  test("a caller with a token gets every health check made anew", async () => {
    await health(0);
    desk.redis.bridge.setFault(() => "lose-request");
    expect(await ask("/api/health", bearer(tokens.read))).toBe(503);
    expect(await health(1)).toBe(200);
  });
});

describe("after 1,000 failures from the owner's address", () => {
  test("after 1,000 failures from the owner's address, the API accepts the owner at once and tells strangers to wait", async () => {
    const statuses = await Promise.all(times(1_000).map(() => ask("/api/budget", bearer(randomToken()))));
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(990);
    expect(await ask("/api/budget", bearer(tokens.read))).toBe(200);
  });

  test("after 1,000 failures on the API and the pages together, the owner can still sign in at once", async () => {
    const signIn = (token: string) =>
      ask("/sign-in", {
        method: "POST",
        headers: { Origin: origin, "Content-Type": "application/x-www-form-urlencoded" },
        body: `token=${token}`,
      });
    for (const _ of times(1_000)) await ask("/api/budget", bearer(randomToken()));
    expect(await signIn(randomToken())).toBe(429);
    expect(await ask("/sign-in/code", { method: "POST", headers: { Origin: origin } })).toBe(429);
    expect(await signIn(tokens.admin)).toBe(303);
    expect(commands()).toEqual(none);
  });

  test("after 1,000 failures, an old session and a missing token still get their usual answers", async () => {
    for (const _ of times(1_000)) await ask("/api/budget", bearer(randomToken()));
    expect(await ask("/api/budget", { headers: { Cookie: expired } })).toBe(401);
    expect(await ask("/api/budget")).toBe(401);
  });
});
