import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApp, type TestApp, tokens } from "../support/app.ts";
import { signIn } from "./reading.ts";

describe("the list of requests", () => {
  let app: TestApp;
  let cookie: string;
  beforeAll(async () => {
    app = await startApp({ env: { PURGE_SESSION_SECRET: "a secret of the tests, long enough" } });
    cookie = await signIn(app, tokens.admin);
  });
  afterAll(() => app?.close());

  const read = async (path: string) => {
    const response = await app.app.fetch(
      new Request(`https://purge.test${path}`, { headers: { Cookie: cookie } }),
    );
    return { status: response.status, html: await response.text() };
  };

  test("fifty rows with URLs as shops have them take less than 30 kB", async () => {
    const urls = Array.from(
      { length: 50 },
      (_, i) =>
        `https://ik.imagekit.io/demo/tr:w-${400 + i},h-400,fo-auto/catalog/autumn-2026/womens-shoes/runner-${i}-front.jpg`,
    );
    for (const url of urls) {
      expect(url.length).toBeGreaterThanOrEqual(80);
      expect(url.length).toBeLessThanOrEqual(120);
    }
    await app.call("/api/purges", {
      method: "POST",
      token: tokens.admin,
      json: { urls, reason: "New photos for the autumn campaign" },
    });
    const { html } = await read("/");
    expect(html.match(/<tr id="p_/g)?.length).toBe(50);
    expect(new TextEncoder().encode(html).length).toBeLessThan(30_000);
  });
});
