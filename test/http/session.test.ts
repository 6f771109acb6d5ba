import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environmentOfTests, startApp, type TestApp, tokens } from "../support/app.ts";

const origin = "https://purge.test";
const hour = 3_600_000;
const noon = Date.parse("2026-11-15T12:00:00.000Z");
const PURGE_SESSION_SECRET = "a secret of the tests, long enough";
const shoe = { urls: ["https://ik.imagekit.io/demo/shoe.jpg"] };

let people = 0;

/** Signs in with a token, from an address of its own; gives the answer, and its cookie as a request sends it back. */
async function signIn(desk: TestApp, token: string, headers: Record<string, string> = { Origin: origin }) {
  const answer = await desk.call("/sign-in", {
    method: "POST",
    type: "application/x-www-form-urlencoded",
    body: new URLSearchParams({ token, next: "/budget" }).toString(),
    headers,
    platform: { ip: `person ${++people}` },
  });
  const [set = ""] = answer.headers.getSetCookie();
  return { answer, set, Cookie: set.split(";")[0] ?? "" };
}

describe("a session", () => {
  const time = { now: noon };
  let desk: TestApp;
  beforeAll(async () => {
    desk = await startApp({ env: { PURGE_SESSION_SECRET }, time });
  });
  afterAll(() => desk.close());

  test("a session is a cookie of this host only, which no script can read, for 12 hours", async () => {
    const { answer, set } = await signIn(desk, tokens.admin);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("Location")).toBe("/budget");
    expect(set).toMatch(/^__Host-purge-desk=admin-actor\./);
    expect(set.split("; ").slice(1).sort()).toEqual([
      "HttpOnly",
      `Max-Age=${12 * 3600}`,
      "Path=/",
      "SameSite=Lax",
      "Secure",
    ]);
    expect(set).not.toContain(tokens.admin);
  });

  test("a session reads the API as its token does, with the scopes of its token", async () => {
    const { Cookie } = await signIn(desk, tokens.read);
    expect((await desk.call("/api/budget", { headers: { Cookie } })).status).toBe(200);
    const refused = await desk.call("/api/purges", {
      method: "POST",
      json: shoe,
      headers: { Cookie, Origin: origin },
    });
    expect([refused.status, refused.body.scope]).toEqual([403, "purge"]);
  });

  test.each([
    ["none", {}],
    ["another site's", { Origin: "https://evil.test" }],
    ["a look-alike's", { Origin: "https://purge.test.evil.test" }],
    ["the same host by http", { Origin: "http://purge.test" }],
    ["null", { Origin: "null" }],
  ])("a session changes nothing when the Origin is %s", async (_, headers) => {
    const { Cookie } = await signIn(desk, tokens.admin);
    const before = desk.imagekit.purged.length;
    const answer = await desk.call("/api/purges", {
      method: "POST",
      json: shoe,
      headers: { Cookie, ...headers },
    });
    expect([answer.status, answer.body.code]).toEqual([403, "forbidden"]);
    expect(desk.imagekit.purged.length).toBe(before);
  });

  test("a session may submit from our own pages", async () => {
    const { Cookie } = await signIn(desk, tokens.purge);
    const headers = { Cookie, Origin: origin };
    const answer = await desk.call("/api/purges", { method: "POST", json: shoe, headers });
    expect([answer.status, answer.body.actor]).toEqual([202, "purge-actor"]);
  });

  test("a session ends after 12 hours, even if the browser keeps the cookie", async () => {
    const { Cookie } = await signIn(desk, tokens.read);
    time.now = noon + 12 * hour - 1;
    expect((await desk.call("/api/budget", { headers: { Cookie } })).status).toBe(200);
    time.now = noon + 12 * hour;
    expect((await desk.call("/api/budget", { headers: { Cookie } })).status).toBe(401);
    time.now = noon;
  });

  test.each([
    ["another name", (value: string) => value.replace("read-actor", "admin-actor")],
    ["a later end", (value: string) => value.replace(/\.(\d{13})/, (_, end) => `.${Number(end) + 1}`)],
    [
      "another signature",
      (value: string) => value.replace(/.(?==?$|%3D$)/, (last) => (last === "A" ? "B" : "A")),
    ],
    ["no signature", (value: string) => value.slice(0, value.lastIndexOf("."))],
    ["a name without the prefix", (value: string) => value.replace("__Host-", "")],
    ["a name that a neighbour could set", (value: string) => value.replace("__Host-", "__Secure-")],
  ])("a session forged with %s is refused", async (_, forge) => {
    const { Cookie } = await signIn(desk, tokens.read);
    const forged = forge(Cookie);
    expect(forged).not.toBe(Cookie);
    expect((await desk.call("/api/budget", { headers: { Cookie: forged } })).status).toBe(401);
    const page = await desk.call("/budget", { headers: { Cookie: forged } });
    expect([page.status, page.headers.get("Location")]).toEqual([303, "/sign-in?next=%2Fbudget"]);
  });

  test("a session does not replace a wrong token", async () => {
    const { Cookie } = await signIn(desk, tokens.read);
    const answer = await desk.call("/api/budget", { token: `pd_${"z".repeat(43)}`, headers: { Cookie } });
    expect(answer.status).toBe(401);
  });

  test("a session ends when its token is revoked, but not when another token of that name is", async () => {
    const { Cookie } = await signIn(desk, tokens.read);
    const entries = (environmentOfTests["PURGE_TOKENS"] ?? "").split(",");
    const revoked = entries.filter((entry) => !entry.startsWith("read-actor:"));
    const replaced = [...revoked, `read-actor:read:${"0".repeat(64)}`];
    const rotated = [...entries, `read-actor:admin:${"0".repeat(64)}`];
    for (const [list, status] of [
      [revoked, 401],
      [replaced, 401],
      [rotated, 200],
    ] as const) {
      const env = { PURGE_SESSION_SECRET, PURGE_TOKENS: list.join(",") };
      const later = await startApp({ env, time });
      expect((await later.call("/api/budget", { headers: { Cookie } })).status).toBe(status);
      await later.close();
    }
  });

  test("a session signed with another secret is invalid", async () => {
    const { Cookie } = await signIn(desk, tokens.read);
    const other = await startApp({ env: { PURGE_SESSION_SECRET: `another ${PURGE_SESSION_SECRET}` }, time });
    expect((await other.call("/api/budget", { headers: { Cookie } })).status).toBe(401);
    await other.close();
  });

  test("a session shows every health check, as a token does", async () => {
    const { Cookie } = await signIn(desk, tokens.read);
    const answer = await desk.call("/api/health", { headers: { Cookie } });
    expect(answer.body.checks.length).toBeGreaterThan(5);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect((await desk.call("/api/health", { headers: { Cookie: "theme=dark" } })).body).toEqual({
      status: "up",
    });
  });
});

describe("below a base path", () => {
  test("below a base path a session's cookie is limited to it", async () => {
    const desk = await startApp({ env: { PURGE_SESSION_SECRET }, app: { basePath: "/_purge" } });
    const { answer, set, Cookie } = await signIn(desk, tokens.read);
    expect(answer.headers.get("Location")).toBe("/_purge");
    expect(set).toMatch(/^__Secure-purge-desk=/);
    expect(set).toContain("Path=/_purge");
    const slashed = await desk.call("/?state=held", { headers: { Cookie } });
    expect([slashed.status, slashed.headers.get("Location")]).toEqual([308, "/_purge?state=held"]);
    const page = await desk.call("", { headers: { Cookie } });
    expect(page.status).toBe(200);
    expect(page.text).toContain('href="/_purge/budget"');
    expect(page.text).not.toMatch(/(?:href|src|action)="\/(?!_purge\/)/);
    await desk.close();
  });
});

describe("signing in", () => {
  let desk: TestApp;
  beforeAll(async () => {
    desk = await startApp({ env: { PURGE_SESSION_SECRET }, time: { now: noon } });
  });
  afterAll(() => desk.close());

  test.each([
    ["//evil.test/", "/"],
    ["/\\evil.test/", "/"],
    ["https://evil.test/", "/"],
    ["/sign-out", "/"],
    ["/batches/b_1?show=open", "/batches/b_1?show=open"],
    ["/x\r\nSet-Cookie: a=b", "/"],
  ])("signing in with next %j leads to %s", async (next, place) => {
    const answer = await desk.call("/sign-in", {
      method: "POST",
      type: "application/x-www-form-urlencoded",
      body: new URLSearchParams({ token: tokens.read, next }).toString(),
      headers: { Origin: origin },
      platform: { ip: next },
    });
    expect(answer.headers.get("Location")).toBe(place);
  });

  test("signing in from another site's page is refused, so that nobody is signed in without knowing", async () => {
    const { answer } = await signIn(desk, tokens.read, { Origin: "https://evil.test" });
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  const attempt = (token: string, ip: string) =>
    desk.call("/sign-in", {
      method: "POST",
      type: "application/x-www-form-urlencoded",
      body: `token=${token}`,
      headers: { Origin: origin },
      platform: { ip },
    });

  test("signing in with wrong tokens is limited by address: after ten failures that address must wait, others need not", async () => {
    const wrong = `pd_${"z".repeat(43)}`;
    const statuses: number[] = [];
    for (let count = 0; count < 11; count++) statuses.push((await attempt(wrong, "192.0.2.1")).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
    const tooMany = await attempt("password", "192.0.2.1");
    expect(tooMany.status).toBe(429);
    expect(tooMany.text).toContain('href="/sign-in"');
    expect(Number(tooMany.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect((await attempt(wrong, "192.0.2.2")).status).toBe(401);
    expect(desk.logged.join("\n")).not.toContain(wrong);
  });

  test("signing in with a valid token is never refused because of others at the same address", async () => {
    for (let count = 0; count < 1_000; count++) await attempt(`pd_${"z".repeat(43)}`, "192.0.2.3");
    expect((await attempt(`pd_${"z".repeat(43)}`, "192.0.2.3")).status).toBe(429);
    expect((await attempt(tokens.read, "192.0.2.3")).status).toBe(303);
    const known = await attempt(tokens.wildcard, "192.0.2.3");
    expect([known.status, known.text]).toEqual([
      401,
      expect.stringContaining("does not have the scope read"),
    ]);
  });

  test("signing in never echoes what was sent as a token", async () => {
    for (const token of ["mistyped-secret", `pd_${"q".repeat(43)}`]) {
      const { answer } = await signIn(desk, token);
      expect(answer.status).toBe(401);
      expect(answer.text).not.toContain(token);
    }
  });

  test("signing out removes the cookie, only from our own pages", async () => {
    const { Cookie } = await signIn(desk, tokens.read);
    const post = (headers: Record<string, string>) =>
      desk.call("/sign-out", { method: "POST", headers: { Cookie, ...headers } });
    expect((await post({ Origin: "https://evil.test" })).headers.getSetCookie()).toEqual([]);
    const [gone = ""] = (await post({ Origin: origin })).headers.getSetCookie();
    expect(gone).toMatch(/^__Host-purge-desk=;.*Max-Age=0/);
  });

  test("signing in without PURGE_SESSION_SECRET says what is missing, and the API still works", async () => {
    const bare = await startApp({ env: { PURGE_SESSION_SECRET: "" } });
    const page = await bare.call("/sign-in");
    expect(page.text).toContain("PURGE_SESSION_SECRET");
    const posted = await signIn(bare, tokens.read);
    expect([posted.answer.status, posted.set]).toEqual([503, ""]);
    expect((await bare.call("/api/budget", { token: tokens.read })).status).toBe(200);
    await bare.close();
  });
});
