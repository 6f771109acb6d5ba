import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApp, type TestApp, tokens } from "../../../support/app.ts";
import { postForm, sessionCookie, sessionSecret } from "../../session.ts";

const url = "https://ik.imagekit.io/demo/shoes/red.jpg";

describe("a caller that repeats itself", () => {
  const time = { now: Date.parse("2026-11-24T03:00:00Z") };
  let app: TestApp;
  let Cookie = "";
  beforeAll(async () => {
    app = await startApp({ time, env: { ...sessionSecret, PURGE_REPEAT_LIMIT: "1" } });
    Cookie = await sessionCookie(app, tokens.purge);
    await app.call("/api/purges", { method: "POST", token: tokens.purge, json: { urls: [url] } });
    time.now += 60_000;
  });
  afterAll(() => app.close());

  const post = (intent: string) =>
    postForm(app, "/new", {
      fields: { key: `o_${"7".repeat(26)}`, urls: `${url}\n${url}2`, intent },
      Cookie,
    });

  test("the check of a request names the line that repeats too often, since when, and until when", async () => {
    const { text } = await post("check");
    expect(text).toContain("1 ready, 1 to fix, costs 1 unit.");
    expect(text).toContain("Find out what repeats this purge: you have made it once since");
    expect(text).toContain("The usual cause is a hook in a loop");
  });

  test("a submission with such a line is refused and nothing is sent, and health says who repeats what", async () => {
    const before = app.imagekit.purged.length;
    const { status, text } = await post("submit");
    expect([status, app.imagekit.purged.length]).toEqual([422, before]);
    expect(text).toContain("Fix line 1, or choose to skip it.");
    const health = async (token: string) =>
      (await app.call("/health", { headers: { Cookie: await sessionCookie(app, token) } })).text;
    const forAdmins = await health(tokens.admin);
    expect(forAdmins).toContain("Repeated purges");
    expect(forAdmins).toMatch(/purge-actor was refused another purge of/i);
    expect(forAdmins).toContain("PURGE_REPEAT_LIMIT");
    expect(await health(tokens.read)).toContain("so that purge is refused for a while");
  });
});
