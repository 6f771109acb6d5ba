import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { descriptions } from "../../src/build/openapi.ts";
import { isImageKits } from "../../src/build/route-answers.ts";
import { runSweep } from "../../src/http/run-sweep.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";
import { midNovember } from "../support/test-ledger.ts";

const env = { PURGE_CALLER_RATE: "0.01/s:1" };
/** The clock stands still, because the time that a caller is told to wait depends on it to the second. */
const time = { now: midNovember };
let desk: TestApp;
let second: TestApp;

beforeAll(async () => {
  desk = await startApp({ env, time });
  const shared = {
    UPSTASH_REDIS_REST_URL: desk.redis.url,
    UPSTASH_REDIS_REST_TOKEN: desk.redis.token,
  };
  second = await startApp({ env: { ...env, ...shared }, time });
});
beforeEach(() => desk.redis.flush());
afterAll(() => Promise.all([desk.close(), second.close()]));

const bodies: Readonly<Record<string, unknown>> = {
  PlanRequest: { urls: ["https://ik.imagekit.io/demo/a.jpg"] },
  Profile: {
    name: "shop",
    paths: ["/"],
    endpoints: ["https://ik.imagekit.io/demo"],
    transformations: ["tr:w-400"],
  },
  PurgeRequest: { urls: ["https://ik.imagekit.io/demo/a.jpg"] },
  Correction: { external: 0 },
  ImageKitPurge: { url: "https://ik.imagekit.io/demo/a.jpg" },
};
/** Learning asks nothing of the ledger, which counts the calls; a limit of its own bounds it. */
const isCounted = (operationId: string) => operationId !== "learnProfiles";
const routes = descriptions
  .filter(({ route, operationId }) => route.scope !== "none" || operationId === "readHealth")
  .filter(({ operationId }) => isCounted(operationId))
  .map(({ route, body }) => ({
    method: route.method.toUpperCase(),
    route: route.path,
    isOfImageKit: isImageKits({ route }),
    path: route.path
      .replace(":requestId", "0".repeat(24))
      .replace(":name", "shop")
      .replace(":id", `${route.path.includes("batch") ? "b" : "p"}_01kaq3h8x0fj7m2k9t4v6w8y0z`),
    ...(body !== undefined && { json: bodies[body.schema] }),
  }));

test.each(routes)(
  "$method $route is 429 beyond the rate, on every instance, and says when to come back",
  async ({ method, path, json, isOfImageKit }) => {
    await desk.call("/api/budget", { token: tokens.admin });
    for (const instance of [desk, second]) {
      const answer = await instance.call(path, { method, json, token: tokens.admin });
      expect(answer.status).toBe(429);
      if (isOfImageKit) {
        const told = ["Limit", "Reset", "Interval"].map((name) => answer.headers.get(`X-RateLimit-${name}`));
        // In milliseconds. An SDK would sleep through a Retry-After of 100 s, so it is told not to resend.
        expect(told).toEqual(["1", "100000", "100000"]);
        expect(answer.headers.get("x-should-retry")).toBe("false");
        expect(answer.headers.has("Retry-After")).toBe(false);
      } else {
        expect(answer.body.code).toBe("rate-limited");
        expect(answer.headers.get("Retry-After")).toBe("100");
      }
    }
    expect([...desk.imagekit.purged, ...second.imagekit.purged]).toEqual([]);
  },
);

test("routes without a token, the sweep and other callers go on while one caller is over its rate", async () => {
  await desk.call("/api/purges", { method: "POST", token: tokens.admin, json: bodies["PurgeRequest"] });
  expect((await desk.call("/api/budget", { token: tokens.admin })).status).toBe(429);
  for (const path of ["/api/health", "/api/openapi.json", "/api/docs"]) {
    expect((await desk.call(path)).status).toBe(200);
  }
  const request = new Request("https://purge.test/", { method: "POST" });
  expect((await runSweep(desk.services, request, {})).status).toBe(204);
  expect((await desk.call("/api/budget", { token: tokens.read })).status).toBe(200);
});

test("a request over the rate is not logged as an error of the service", async () => {
  desk.logged.length = 0;
  for (let n = 0; n < 2; n++) await desk.call("/api/budget", { token: tokens.admin });
  const events = desk.logged.map((line) => JSON.parse(line));
  expect(events.map(({ event }) => event)).toEqual(["request", "request"]);
  expect(events[1]).toMatchObject({ status: 429, code: "rate-limited", actor: "admin-actor" });
});
