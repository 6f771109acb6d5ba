import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { descriptions } from "../../src/build/openapi.ts";
import { dashboardRoutes } from "../../src/dashboard/dashboard.tsx";
import { apiRoutes } from "../../src/http/api-routes.ts";
import { createApp } from "../../src/http/app.ts";
import { loggedPath } from "../../src/http/requests/logged-path.ts";
import { origin, sessionSecret } from "../dashboard/session.ts";
import { startApp, type TestApp, tokens } from "../support/app.ts";

const purgeId = "p_01kaq3h8x0fj7m2k9t4v6w8y0z";

describe("a path in the log", () => {
  test.each(
    descriptions.map(({ route }) => [
      route.path
        .replace(":id", purgeId)
        .replace(":name", "shop")
        .replace(":requestId", "64b7d0f8a1c23e9b5d4f6a78"),
    ]),
  )("the log shows the route %s in full", (path) => {
    expect(loggedPath(path)).toBe(path);
    expect(loggedPath(`/_purge${path}`)).toBe(`/_purge${path}`);
  });

  test.each([
    ["/sign-in/q8Zr3vJ0aUe1c5TnYw7BdA", "/sign-in/*"],
    ["/sign-in/q8Zr3vJ0aUe1c5TnYw7BdA/", "/sign-in/*/"],
    ["//sign-in/q8Zr3vJ0aUe1c5TnYw7BdA", "//sign-in/*"],
    ["/sign-in/abcdefghijklmnopqrstuv", "/sign-in/*"],
    [`/api/purges/${tokens.admin}`, "/api/purges/*"],
    [
      "/api/purges/https://ik.imagekit.io/demo/a.jpg%3Fik-s=0123456789abcdef",
      "/api/purges/*//ik.imagekit.io/demo/*",
    ],
  ])("the log shows the path %s as %s", (path, logged) => {
    expect(loggedPath(path)).toBe(logged);
  });

  test("a logged path contains no token, code or signature, in any position", () => {
    const secret = fc.stringMatching(/^[\w-]{17,64}$/);
    const part = fc.oneof(secret, fc.constantFrom("api", "sign-in", "", "purges", purgeId));
    fc.assert(
      fc.property(fc.array(part), secret, fc.array(part), (before, code, after) => {
        expect(loggedPath(`/${[...before, code, ...after].join("/")}`).split("/")).not.toContain(code);
      }),
    );
  });
});

describe("a one-time link", () => {
  const code = "q8Zr3vJ0aUe1c5TnYw7BdA";
  let desk: TestApp;
  beforeAll(async () => {
    desk = await startApp({ env: sessionSecret });
  });
  afterAll(() => desk.close());

  test("a one-time sign-in link is never in the log: unused, used or mistyped", async () => {
    const takeSignInCode = (given: string) => (given === code ? "admin-actor" : undefined);
    const app = createApp(desk.services, [apiRoutes, dashboardRoutes({ takeSignInCode })]);
    const ask = async (path: string, method = "GET") =>
      (await app.fetch(new Request(`${origin}${path}`, { method, headers: { Origin: origin } }), {})).status;
    const statuses = [
      await ask(`/sign-in/${code}`),
      await ask(`/sign-in/${code}`, "HEAD"),
      await ask(`/sign-in/${code}`, "DELETE"),
      await ask(`/sign-in/${code}/`),
      await ask(`//sign-in/${code}`),
      await ask(`/api/${code}`),
      await ask(`/?code=${code}`),
      await ask(`/sign-in?next=/sign-in/${code}`),
      await ask(`/sign-in/x${code}`, "POST"),
      await ask(`/sign-in/${code}`, "POST"),
    ];
    expect(statuses).toEqual([200, 200, 405, 404, 404, 404, 303, 200, 404, 303]);
    expect(desk.logged.filter((line) => line.includes('"request"'))).toHaveLength(statuses.length);
    expect(desk.logged.join("\n")).not.toContain(code);
  });
});
