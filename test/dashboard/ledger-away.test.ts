/** What a person is told of a change while the ledger does not take it. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApp, type TestApp, tokens } from "../support/app.ts";
import { hurriedClock } from "../support/hurried-clock.ts";
import { postForm, sessionCookie, sessionSecret } from "./session.ts";

const purgeId = "p_01kaq3h8x0fj7m2k9t4v6w8y0z";
const batchId = "b_01kaq3h8x0fj7m2k9t4v6w8y0a";

describe("forms sent while the ledger cannot be reached", () => {
  let app: TestApp;
  let Cookie = "";
  beforeAll(async () => {
    const before = await startApp({ env: sessionSecret });
    Cookie = await sessionCookie(before, tokens.admin);
    await before.close();
    app = await startApp({ env: sessionSecret, redis: "none", clock: hurriedClock() });
  });
  afterAll(() => app.close());

  test("a new request that got no answer from the ledger may be sent again, and the page says how", async () => {
    const more = { urls: "https://ik.imagekit.io/demo/a.jpg", changed: "now", intent: "submit" };
    const { status, text } = await postForm(app, "/new", { fields: more, Cookie });
    expect([status, text]).toEqual([503, expect.stringContaining("not known whether")]);
    expect(text).toContain("Submit again in a moment: the same request is not charged twice.");
    expect(text).toContain(more.urls);
  });

  test("signing in without a ledger works: a token is compared with the settings", async () => {
    const { status } = await postForm(app, "/sign-in", { fields: { token: tokens.admin } });
    expect(status).toBe(303);
  });

  test.each([
    ["/budget", { external: "3" }],
    ["/profiles/edit", { "profile.0.name": "shop", intent: "save" }],
    ["/profiles/delete", { name: "shop", version: "1" }],
    ["/health/try", {}],
    [`/purges/${purgeId}/cancel`, {}],
    [`/batches/${batchId}/cancel`, {}],
    [`/purges/${purgeId}/resend`, {}],
    [`/purges/${purgeId}/close`, {}],
  ])("POST %s without a ledger does not promise that repeating it is free", async (path, more) => {
    const { status, text } = await postForm(app, path, { fields: more, Cookie });
    expect([status, text]).toEqual([503, expect.stringContaining("not known whether")]);
    expect(text).toContain("Check the page before you try again.");
    expect(text).not.toContain("charged");
  });
});

describe("forms sent while Redis is full", () => {
  let app: TestApp;
  let Cookie = "";
  const fields = { urls: "https://ik.imagekit.io/demo/a.jpg", changed: "now", intent: "submit" };
  beforeAll(async () => {
    app = await startApp({ env: sessionSecret });
    Cookie = await sessionCookie(app, tokens.admin);
  });
  afterAll(() => app.close());

  test("a new request while Redis is full did nothing, and the page says what to do", async () => {
    app.redis.bridge.setFault(() => ({ refused: "OOM command not allowed when used memory > 'maxmemory'." }));
    const { status, text } = await postForm(app, "/new", { fields, Cookie });
    expect(status).toBe(503);
    expect(text).toContain("Nothing was submitted or charged.");
    expect(text).toContain("Redis is full. An admin can give the database more memory.");
    expect(text).toContain(fields.urls);
  });

  test("the health page says that Redis is full, and what to do", async () => {
    app.redis.bridge.setFault(({ commands }) =>
      commands.some(([name]) => name === "SET") ? { refused: "OOM command not allowed" } : "pass",
    );
    const { status, text } = await app.call("/health", { headers: { Cookie } });
    expect(status).toBe(200);
    expect(text).toContain("Redis is full");
    expect(text).toContain("Raise the Redis plan&#39;s memory limit");
  });

  test("a change that Redis refuses for want of memory was not made, and the page says what to do", async () => {
    app.redis.bridge.setFault(() => ({ refused: "OOM command not allowed when used memory > 'maxmemory'." }));
    const answer = await postForm(app, "/profiles/delete", {
      fields: { name: "shop", version: "1" },
      Cookie,
    });
    expect([answer.status, answer.text]).toEqual([503, expect.stringContaining("The ledger is full")]);
    expect(answer.text).toContain("Nothing was recorded or charged");
    expect(answer.headers.get("Retry-After")).toBe("60");
  });

  test("a change that Upstash refuses for want of memory may have been made, and the page says so", async () => {
    app.redis.bridge.setFault(() => ({ refused: "ERR DB capacity quota exceeded" }));
    const { status, text } = await postForm(app, "/budget", { fields: { external: "3" }, Cookie });
    expect([status, text]).toEqual([503, expect.stringContaining("The ledger is full")]);
    expect(text).toContain("not known whether");
    expect(text).not.toContain("Nothing was recorded");
  });
});
