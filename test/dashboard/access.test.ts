import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dashboardRoutes } from "../../src/dashboard/dashboard.tsx";
import { createApp } from "../../src/http/app.ts";
import { maxBodyBytes } from "../../src/http/requests/body.ts";
import { signed, startApp, type TestApp, tokens } from "../support/app.ts";
import { hurriedClock } from "../support/hurried-clock.ts";
import { postForm, sessionCookie, sessionSecret } from "./session.ts";

const purgeId = "p_01kaq3h8x0fj7m2k9t4v6w8y0z";
const batchId = "b_01kaq3h8x0fj7m2k9t4v6w8y0a";
/** A form's key stands in its address; without one, one is sent to it with a new key. */
const newPage = "/new?form=o_01kaq3h8x0fj7m2k9t4v6w8y0b";

const pages = [
  "/",
  "/requests.csv",
  newPage,
  "/profiles",
  "/profiles/edit",
  "/budget",
  "/health",
  `/batches/${batchId}`,
  `/batches?id=${batchId}`,
  `/purges/${purgeId}`,
] as const;

/** Everything that changes something, the least scope it needs, and a token with less. */
const forms = [
  { form: "/new", path: "/new", scope: "purge", less: "read" },
  { form: "/budget", path: "/budget", scope: "admin", less: "purge" },
  { form: "/profiles/edit", path: "/profiles/edit", scope: "admin", less: "purge" },
  { form: "/profiles/delete", path: "/profiles/delete", scope: "admin", less: "purge" },
  { form: "/health/try", path: "/health/try", scope: "admin", less: "purge" },
  { form: "/purges/:id/cancel", path: `/purges/${purgeId}/cancel`, scope: "purge", less: "read" },
  { form: "/batches/:id/cancel", path: `/batches/${batchId}/cancel`, scope: "purge", less: "read" },
  { form: "/purges/:id/resend", path: `/purges/${purgeId}/resend`, scope: "admin", less: "purge" },
  { form: "/purges/:id/close", path: `/purges/${purgeId}/close`, scope: "admin", less: "purge" },
] as const;

/** Forms that only show something. Every session has the scope to read. */
const readingForms = [{ form: "/profiles/learn", path: "/profiles/learn" }] as const;

/** What needs no session: it starts or ends one, or leads on to a page that asks for one. */
const openToAll = [
  "GET /batches/:id/cancel",
  "GET /health/try",
  "GET /profiles/delete",
  "GET /profiles/learn",
  "GET /purges/:id/:act{cancel|resend|close}",
  "GET /sign-in",
  "GET /sign-in/:code",
  "POST /sign-in",
  "POST /sign-in/:code",
  "POST /sign-out",
] as const;

/** One line and one field of every form, so that each would do something if it were let. */
const fields = { urls: "https://ik.imagekit.io/demo/a.jpg", external: "40", submit: "submit" };

describe("the dashboard", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({
      env: { ...sessionSecret, IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/demo" },
    });
  });
  afterAll(() => app.close());

  test("every page and form of the dashboard is in one of these tables", () => {
    const routes = createApp(app.services, [dashboardRoutes()]).routes.filter(
      ({ method }) => method !== "ALL",
    );
    const inTables = [
      ...pages.map((path) => `GET ${path}`),
      ...[...forms, ...readingForms].map(({ path }) => `POST ${path}`),
      ...openToAll,
    ].map((each) => each.replace(/\?.*/, "").replace(/[bp]_\w{26}/, ":id"));
    expect([...new Set(routes.map(({ method, path }) => `${method} ${path}`))].sort()).toEqual(
      inTables.sort(),
    );
  });

  test.each(pages)("GET %s without a session asks to sign in and leads back", async (path) => {
    await app.redis.bridge.resetCounts();
    const answer = await app.call(path);
    expect([answer.status, answer.headers.get("Location")]).toEqual([
      303,
      `/sign-in?next=${encodeURIComponent(path)}`,
    ]);
    expect(app.redis.bridge.counts().roundTrips).toBe(0);
  });

  test.each([
    ["as typed", "/?q=https://ik.imagekit.io/demo/a.jpg?ik-t=1900000000%26ik-s=0123456789abcdef"],
    ["as a form sends it", `/?${new URLSearchParams({ q: signed, state: "held" })}`],
  ])("a signature in an address (%s) is not repeated on the way to signing in", async (_, path) => {
    const answer = await app.call(path);
    const place = answer.headers.get("Location") ?? "";
    expect(place).toMatch(/^\/sign-in\?next=%2F%3Fq%3Dhttps/);
    expect(place).toContain("masked");
    expect(place).not.toContain("0123456789abcdef");
    const page = await app.call(place);
    expect(page.text).not.toContain("0123456789abcdef");
    expect(page.text).not.toContain("session ended");
  });

  test.each([...forms.slice(1), ...readingForms])(
    "POST $form without a session does nothing",
    async ({ path }) => {
      await app.redis.bridge.resetCounts();
      const answer = await postForm(app, path, { fields });
      expect([answer.status, answer.headers.get("Location")]).toEqual([
        303,
        `/sign-in?next=${encodeURIComponent(path)}&ended=1`,
      ]);
      expect(app.redis.bridge.counts().roundTrips).toBe(0);
      const page = await app.call(answer.headers.get("Location") ?? "");
      expect(page.text).toContain(`value="${path}"`);
      expect(page.text).toContain("Your session ended, so nothing was submitted.");
    },
  );

  test.each([...forms, ...readingForms])(
    "POST $form does nothing from another site's page",
    async ({ path }) => {
      const Cookie = await sessionCookie(app, tokens.admin);
      await app.redis.bridge.resetCounts();
      for (const Origin of ["https://evil.test", "null", ""]) {
        const answer = await postForm(app, path, { fields, Cookie, Origin });
        expect(answer.status).toBe(403);
        expect(answer.text).toContain("did not come from a page of this dashboard");
      }
      expect(app.redis.bridge.counts().roundTrips).toBe(0);
    },
  );

  test.each(["/sign-in", "/sign-in/code", "/sign-out"])(
    "POST %s from another site's page neither signs in nor out",
    async (path) => {
      for (const Origin of ["https://evil.test", "null", ""]) {
        const answer = await postForm(app, path, { fields: { token: tokens.admin }, Origin });
        expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
      }
    },
  );

  test.each([...[...forms, ...readingForms].map(({ path }) => path), "/sign-in"])(
    "POST %s refuses a body that is not a form or is too large",
    async (path) => {
      const headers = { Cookie: await sessionCookie(app, tokens.admin), Origin: "https://purge.test" };
      const post = (type: string, body: string) => app.call(path, { method: "POST", type, body, headers });
      await app.redis.bridge.resetCounts();
      for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x"]) {
        expect((await post(type, "external=40")).status).toBe(415);
      }
      const tooLarge = `external=40&urls=${"x".repeat(maxBodyBytes)}`;
      expect((await post("application/x-www-form-urlencoded", tooLarge)).status).toBe(413);
      expect(app.redis.bridge.counts().roundTrips).toBe(0);
    },
  );

  test.each(forms)(
    "POST $form with only the scope $less does nothing and says to ask an admin",
    async ({ path, scope, less }) => {
      const Cookie = await sessionCookie(app, tokens[less]);
      await app.redis.bridge.resetCounts();
      const answer = await postForm(app, path, { fields, Cookie });
      expect(answer.status).toBe(403);
      expect(answer.text).toContain("Ask an admin");
      expect(answer.text).toContain(`scope ${scope}`);
      expect(app.redis.bridge.counts().roundTrips).toBe(0);
    },
  );

  test.each(["/", newPage, "/profiles", "/profiles/edit", "/budget", "/health", "/sign-in"])(
    "%s has no inline script or style, and a policy that allows none",
    async (path) => {
      const Cookie = await sessionCookie(app, tokens.admin);
      const { text, headers } = await app.call(path, { headers: { Cookie } });
      expect(headers.get("Content-Security-Policy")).toBe(
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; script-src 'self'; " +
          "style-src 'self'; img-src 'self'; connect-src 'self'",
      );
      expect(text).toMatch(/^<!doctype html><html lang="en">/);
      expect(text.match(/<[^>]*\s(?:style|on\w+)=/gi)).toBeNull();
      expect(text.match(/<script(?![^>]*\ssrc="\/assets\/)/gi)).toBeNull();
      expect(text.match(/<style/gi)).toBeNull();
      expect(text.match(/(?:src|href|action)="(?!\/|#|mailto:)/gi)).toBeNull();
    },
  );
});

describe("the dashboard without a ledger", () => {
  let app: TestApp;
  let Cookie: string;
  beforeAll(async () => {
    const before = await startApp({ env: sessionSecret });
    Cookie = await sessionCookie(before, tokens.admin);
    await before.close();
    app = await startApp({ env: sessionSecret, redis: "none", clock: hurriedClock() });
  });
  afterAll(() => app.close());

  test.each(pages)("%s without a ledger is a page that says so", async (path) => {
    const answer = await app.call(path, { headers: { Cookie } });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("Content-Type")).toContain("text/html");
    expect(answer.text).toContain("cannot be reached");
  });
});

describe("against ImageKit's own base URL, on a deploy that is not live", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({
      env: {
        ...sessionSecret,
        IMAGEKIT_API_BASE_URL: "",
        IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/demo",
      },
    });
    await app.redis.bridge.resetCounts();
  });
  afterAll(() => app.close());

  test.each([...pages, "/sign-in"])(
    "%s on a deploy that is not live says so, and leaves the ledger alone",
    async (path) => {
      const answer = await app.call(path, {
        platform: { deploy: { context: "deploy-preview", published: false } },
      });
      expect(answer.status).toBe(503);
      expect(answer.text).toContain("not the live one");
      expect(app.redis.bridge.counts().roundTrips).toBe(0);
    },
  );
});
