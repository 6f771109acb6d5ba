import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxBodyBytes } from "../../../../src/http/requests/body.ts";
import { signed, startApp, type TestApp, tokens } from "../../../support/app.ts";
import { postForm, sessionCookie, sessionSecret } from "../../session.ts";

const path = "/new?form=o_01kaq3h8x0fj7m2k9t4v6w8y0b";
const typed = {
  key: "o_01kaq3h8x0fj7m2k9t4v6w8y0b",
  urls: `${signed}\r\n"><script>alert(1)</script>\r\nhttps://ik.imagekit.io/demo/shoe.jpg`,
  reason: `new "autumn" <photo>`,
  onInvalid: "skip",
  onExhausted: "hold",
  changed: "before",
  changedAt: "2026-11-20T10:00",
  intent: "submit",
} as const;

describe("a new request that is submitted after the session ended", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({
      env: { ...sessionSecret, IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/demo" },
    });
  });
  afterAll(() => app.close());

  /** The fields that a browser would post from the only form of this page. */
  function fieldsOf(html: string): Record<string, string> {
    const unescaped = (text: string) =>
      text
        .replaceAll("&quot;", '"')
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&#39;", "'")
        .replaceAll("&amp;", "&");
    const hidden = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
    return Object.fromEntries([...hidden].map(([, name = "", value = ""]) => [name, unescaped(value)]));
  }

  test("a new request goes through the sign-in page and comes back filled, with nothing submitted", async () => {
    await app.redis.bridge.resetCounts();
    const refused = await postForm(app, path, { fields: typed });
    expect(refused.status).toBe(401);
    expect(refused.text).toContain("Your session ended, so nothing was submitted.");
    expect(refused.text).not.toContain("<script>alert");
    expect(app.redis.bridge.counts().roundTrips).toBe(0);
    const carried = fieldsOf(refused.text);
    expect(carried).toEqual({ ...typed, intent: "resumed", next: path });

    const wrong = await postForm(app, "/sign-in", {
      fields: { ...carried, token: `pd_${"x".repeat(43)}` },
    });
    expect([wrong.status, fieldsOf(wrong.text)]).toEqual([401, carried]);

    const signedIn = await postForm(app, "/sign-in", { fields: { ...carried, token: tokens.admin } });
    // 307: the browser posts the same fields to the form.
    expect([signedIn.status, signedIn.headers.get("Location")]).toEqual([307, path]);
    const Cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const before = app.imagekit.purged.length;
    const form = await postForm(app, path, { fields: { ...carried, token: tokens.admin }, Cookie });
    expect(form.status).toBe(200);
    expect(form.text).toContain("You are signed in again. Nothing has been submitted yet");
    expect(form.text).toContain(
      "&lt;script&gt;alert(1)&lt;/script&gt;\r\nhttps://ik.imagekit.io/demo/shoe.jpg",
    );
    expect(form.text).toContain("new &quot;autumn&quot; &lt;photo&gt;");
    expect(form.text.match(/checked=""/g)).toHaveLength(5);
    expect(form.text).toContain(`value="2026-11-20T10:00"`);
    expect(form.text).not.toContain(tokens.admin);
    expect(app.imagekit.purged.length).toBe(before);
  });

  test("a foreign page's request is not repeated to whoever signs in", async () => {
    for (const Origin of ["https://evil.test", "null", ""]) {
      const { status, text } = await postForm(app, path, { fields: typed, Origin });
      expect([status, text]).toEqual([303, expect.not.stringContaining("shoe.jpg")]);
      const signIn = await postForm(app, "/sign-in", {
        fields: { ...typed, next: path, token: tokens.admin },
        Origin,
      });
      expect(signIn.status).toBe(403);
    }
  });

  test("signing in posts the fields to no other page", async () => {
    for (const next of ["/budget", "/new/../budget", "/batches?x=/new", "//evil.test/new", "/newer"]) {
      const answer = await postForm(app, "/sign-in", { fields: { ...typed, next, token: tokens.admin } });
      expect(answer.status).toBe(303);
    }
  });

  test("a request that leaves no room for the token is not carried, and signing in says what to do", async () => {
    const urls = "x".repeat(maxBodyBytes - 1_000);
    const { status, headers } = await postForm(app, path, { fields: { ...typed, urls } });
    expect([status, headers.get("Location")]).toEqual([303, "/sign-in?next=%2Fnew&ended=1"]);
    const small = await postForm(app, path, { fields: { ...typed, urls: "x".repeat(maxBodyBytes - 5_000) } });
    const { status: signedIn } = await postForm(app, "/sign-in", {
      fields: { ...fieldsOf(small.text), token: tokens.admin },
    });
    expect([small.status, signedIn]).toEqual([401, 307]);
  });

  test("a submitted form is named in a cookie, and one that was refused is not", async () => {
    const Cookie = await sessionCookie(app, tokens.admin);
    const fields = { key: typed.key, urls: "https://ik.imagekit.io/demo/shoe.jpg", intent: "submit" };
    const refused = await postForm(app, path, { fields: { ...fields, urls: "nonsense" }, Cookie });
    expect(refused.headers.getSetCookie()).toEqual([]);
    for (const _ of ["submitted", "replayed after a lost answer"]) {
      const { headers } = await postForm(app, path, { fields, Cookie });
      expect(headers.getSetCookie()).toEqual([
        `purge-desk-submitted-${typed.key}=1; Max-Age=600; Path=/; Secure; SameSite=Lax`,
      ]);
    }
    const other = { ...fields, urls: "https://ik.imagekit.io/demo/boot.jpg" };
    const reused = await postForm(app, path, { fields: other, Cookie });
    expect([reused.status, reused.headers.getSetCookie().length]).toEqual([422, 1]);
  });
});
