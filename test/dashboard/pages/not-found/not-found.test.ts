import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dashboardRoutes } from "../../../../src/dashboard/dashboard.tsx";
import { createApp } from "../../../../src/http/app.ts";
import { startApp, type TestApp, tokens } from "../../../support/app.ts";
import { origin, sessionCookie, sessionSecret } from "../../session.ts";

const purgeId = "p_01kaq3h8x0fj7m2k9t4v6w8y0z";
/** What a browser sends for an address that a person opens. */
const Accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

describe.each([{ basePath: "" }, { basePath: "/_purge" }])(
  "below the base path '$basePath'",
  ({ basePath }) => {
    let app: TestApp;
    let Cookie: string;
    beforeAll(async () => {
      app = await startApp({ env: sessionSecret, app: { basePath: basePath || "/" } });
      Cookie = await sessionCookie(app, tokens.read);
      await app.redis.bridge.resetCounts();
    });
    afterAll(async () => {
      expect(app.redis.bridge.counts().roundTrips).toBe(0);
      await app.close();
    });
    const mistyped = ["/nowhere", "/budgets", "/purges", `/purges/${purgeId}/cancle`, "/apis", "/new/"];

    test.each(mistyped)("%s, mistyped, is a page that says so without a session", async (path) => {
      const answer = await app.call(path, { headers: { Accept } });
      expect([answer.status, answer.headers.get("Content-Type")]).toEqual([
        404,
        expect.stringContaining("text/html"),
      ]);
      expect(answer.text).toContain("There is no such page");
      expect(answer.text).toContain(`href="${basePath}/"`);
      expect(answer.text).not.toContain("read-actor");
    });

    test.each(mistyped)("%s, mistyped, is a page that says so with a session", async (path) => {
      const answer = await app.call(path, { headers: { Accept, Cookie } });
      expect(answer.status).toBe(404);
      expect(answer.text).toContain("There is no such page");
      expect(answer.text).toContain("read-actor");
      const head = await app.call(path, { method: "HEAD", headers: { Accept, Cookie } });
      expect([head.status, head.text]).toEqual([404, ""]);
    });

    test.each([
      ["GET", "/api/nowhere", 404, "not-found"],
      ["GET", "/api", 404, "not-found"],
      ["GET", "/api/purges/plan/x/y", 404, "not-found"],
      ["GET", `/api/purges/${purgeId}/cancel`, 405, "method-not-allowed"],
      ["POST", "/nowhere", 404, "not-found"],
      ["DELETE", "/budget", 405, "method-not-allowed"],
      ["DELETE", `/purges/${purgeId}/cancel`, 405, "method-not-allowed"],
    ])("%s %s gets the app's own answer, whatever Accept says", async (method, path, status, code) => {
      const answer = await app.call(path, { method, headers: { Accept, Cookie, Origin: origin } });
      expect(answer).toMatchObject({ status, body: { code } });
    });

    test.each(["*/*", "application/json", "image/avif,image/webp,*/*;q=0.8"])(
      "a client that accepts %s gets no page",
      async (accepted) => {
        const answer = await app.call("/nowhere", { headers: { Accept: accepted } });
        expect(answer).toMatchObject({ status: 404, body: { code: "not-found" } });
      },
    );

    test.each(["cancel", "resend", "close"])(
      "opening the address of a refused %s leads to the purge",
      async (act) => {
        const path = `/purges/${purgeId}`;
        const answer = await app.call(`${path}/${act}`, { headers: { Accept } });
        expect([answer.status, answer.headers.get("Location")]).toEqual([303, `${basePath}${path}`]);
      },
    );
  },
);

test("a mistyped address is a page too in an app with only the dashboard", async () => {
  const app = await startApp({ env: sessionSecret });
  const alone = createApp(app.services, [dashboardRoutes()]);
  const read = (path: string) => alone.fetch(new Request(origin + path, { headers: { Accept } }));
  expect((await read("/nowhere")).headers.get("Content-Type")).toContain("text/html");
  expect((await read("/api/nowhere")).headers.get("Content-Type")).toBe("application/problem+json");
  await app.close();
});

test("the base path with a trailing slash leads to the requests", async () => {
  const app = await startApp({ env: sessionSecret, app: { basePath: "/_purge" } });
  const answer = await app.call("/?state=held", { headers: { Accept } });
  expect([answer.status, answer.headers.get("Location")]).toEqual([308, "/_purge?state=held"]);
  await app.close();
});
