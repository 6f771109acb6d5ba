import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApp, type TestApp, tokens } from "../../../support/app.ts";

const origin = "https://purge.test";
const image = (name: string) => `https://ik.imagekit.io/demo/shoes/${name}`;

describe("the form of a new request", () => {
  let app: TestApp;
  const time = { now: Date.parse("2026-11-24T03:00:00Z") };
  const cookies = new Map<string, string>();
  beforeAll(async () => {
    app = await startApp({ time, env: { PURGE_SESSION_SECRET: "s".repeat(32), PURGE_MONTHLY_QUOTA: "20" } });
    for (const as of ["read", "purge", "admin"] as const) cookies.set(as, await signIn(as));
  });
  afterAll(() => app.close());

  async function signIn(as: keyof typeof tokens): Promise<string> {
    const answer = await send("/sign-in", { token: tokens[as] }, { Origin: origin });
    return (answer.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
  }
  function send(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
  ) {
    const body = new URLSearchParams(fields).toString();
    const type = { "Content-Type": "application/x-www-form-urlencoded" };
    const request = new Request(origin + path, { method: "POST", body, headers: { ...type, ...headers } });
    return app.app.fetch(request, { waitUntil: (work) => app.background.push(work) });
  }
  const post = async (fields: Readonly<Record<string, string>>, as = "purge", headers = {}) => {
    const answer = await send("/new", fields, { Origin: origin, Cookie: cookies.get(as) ?? "", ...headers });
    return { status: answer.status, location: answer.headers.get("Location"), text: await answer.text() };
  };
  const get = async (path: string, as = "purge") => {
    const request = new Request(origin + path, { headers: { Cookie: cookies.get(as) ?? "" } });
    return app.app.fetch(request, {});
  };
  const newKey = async () => {
    const [, key = ""] = /form=(o_\w+)$/.exec((await get("/new")).headers.get("Location") ?? "") ?? [];
    return key;
  };

  test("each new request form has its own key in its address, which a reload keeps", async () => {
    const [one, other] = [await newKey(), await newKey()];
    expect(one).not.toBe(other);
    const read = async () => (await get(`/new?form=${one}`)).text();
    expect(await read()).toContain(`name="key" value="${one}"`);
    expect(await read()).toContain(`name="key" value="${one}"`);
    expect((await get("/new?form=%22%3E%3Cscript%3E")).headers.get("Location")).toMatch(
      /^\/new\?form=o_\w{26}$/,
    );
  });

  test("a new request without the scope, or from a foreign origin, is refused", async () => {
    expect((await get("/new", "read")).status).toBe(403);
    const before = app.imagekit.purged.length;
    const fields = { urls: image("forced.jpg"), intent: "submit", key: await newKey() };
    expect((await post(fields, "read")).status).toBe(403);
    expect((await post(fields, "purge", { Origin: "https://elsewhere.example" })).status).toBe(403);
    const answer = await post({ ...fields, urls: image("forced.jpg*") });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("Ask an admin");
    expect(app.imagekit.purged.length).toBe(before);
  });

  test("a form submitted twice is one batch; with different content it asks to submit again under a new key", async () => {
    const key = await newKey();
    const fields = { urls: `\r\n${image("twice.jpg")}\r\n`, reason: "why", intent: "submit", key };
    const [one, other] = await Promise.all([post(fields), post(fields)]);
    expect(one.status).toBe(303);
    expect(one.location).toMatch(/^\/batches\/b_/);
    expect(other.location).toBe(one.location);

    const changed = await post({ ...fields, urls: image("thrice.jpg") });
    expect(changed.status).toBe(422);
    expect(changed.text).toContain("Submit once more");
    const [, fresh = ""] = /name="key" value="(o_\w+)"/.exec(changed.text) ?? [];
    expect(fresh).not.toBe(key);
    expect((await post({ ...fields, urls: image("thrice.jpg"), key: fresh })).status).toBe(303);
  });

  test("a form submitted again much later asks to confirm instead of showing the old batch", async () => {
    const fields = { urls: image("again.jpg"), intent: "submit", key: await newKey() };
    const { location } = await post(fields);
    time.now += 11 * 60_000;
    const again = await post(fields);
    expect(again.status).toBe(422);
    expect(again.text).toContain("To purge them again, submit once more.");
    expect(again.text).toContain(`href="${location}"`);
    const [, key = ""] = /name="key" value="(o_\w+)"/.exec(again.text) ?? [];
    expect((await post({ ...fields, key })).status).toBe(303);
  });

  test.each([
    ["no line", { urls: " \n " }, 422, "There is no URL or image yet"],
    ["a bad line", { urls: `${image("x.jpg")}\nnonsense` }, 422, "Fix line 2, or choose to skip it"],
    ["only bad lines", { urls: "nonsense", onInvalid: "skip" }, 422, "None of these lines can be purged"],
    ["101 lines", { urls: `${image("x.jpg")}\n`.repeat(101) }, 422, "submit them as several batches"],
    [
      "more lines than can go at once",
      { urls: `${image("x.jpg")}\n`.repeat(1001) },
      422,
      "At most 1,000 can be submitted at once",
    ],
    [
      "a long reason",
      { urls: image("x.jpg"), reason: "r".repeat(501) },
      422,
      "Reason: must have at most 500 characters",
    ],
    [
      "a future change",
      { urls: image("x.jpg"), changed: "before", changedAt: "2999-01-01T00:00" },
      422,
      "in the future",
    ],
    ["no time of the change", { urls: image("x.jpg"), changed: "before" }, 422, "must be a time"],
    [
      "too little budget",
      { urls: Array.from({ length: 30 }, (_, n) => image(`${n}.jpg`)).join("\n") },
      429,
      "This needs 30 units",
    ],
  ])(
    "a form with %s is refused, nothing is charged, and what was typed stays",
    async (_, fields, status, words) => {
      const before = app.imagekit.purged.length;
      const answer = await post({ ...fields, intent: "submit", key: await newKey() });
      expect(answer.status).toBe(status);
      expect(answer.text).toContain("Nothing was submitted or charged.");
      expect(answer.text).toContain(words);
      expect(answer.text).toContain(fields.urls.trim().split("\n")[0] ?? "");
      expect(app.imagekit.purged.length).toBe(before);
    },
  );

  test("checking a form shows what submitting would do, line by line, and does nothing", async () => {
    const before = app.imagekit.purged.length;
    const urls = [
      image("c.jpg*"),
      image("c.jpg"),
      image("d.jpg"),
      image("d.jpg"),
      "ftp://ik.imagekit.io/demo/e.jpg",
    ];
    const { status, text } = await post(
      { urls: urls.join("\n"), intent: "check", key: await newKey() },
      "admin",
    );
    expect(status).toBe(200);
    for (const words of [
      "The wildcard on line 1",
      "The same as line 3",
      "Use this instead",
      "2 units",
      "1 line clears",
    ]) {
      expect(text).toContain(words);
    }
    expect(app.imagekit.purged.length).toBe(before);
  });

  test("the form asks when the image changed only if a purge of it was sent, and shares that one", async () => {
    await post({ urls: image("sent.jpg"), intent: "submit", key: await newKey() });
    time.now += 1_000;
    const checked = await post({ urls: image("sent.jpg"), intent: "check", key: await newKey() });
    expect(checked.text).toMatch(
      /A purge of this URL was sent on .* UTC and is complete|An open purge of this URL was sent on/,
    );
    expect(checked.text).toMatch(/<fieldset class="changed-at" data-changed-at/);
    const earlier = { changed: "before", changedAt: "2020-01-01T10:00", key: await newKey() };
    const shared = await post({ urls: image("sent.jpg"), intent: "check", ...earlier });
    expect(shared.text).toContain("0 units");
    const other = await post({ urls: image("never-sent.jpg"), intent: "check", key: await newKey() });
    expect(other.text).toMatch(/<fieldset class="changed-at" hidden="" disabled=""/);
  });

  test("the form shows hostile lines and reasons as text, with signatures masked", async () => {
    const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>`;
    const signed = `${image("s.jpg")}?ik-t=1900000000&ik-s=0123456789abcdef`;
    const urls = [`https://ik.imagekit.io/demo/${hostile}`, hostile, `</textarea>${hostile}`, signed].join(
      "\n",
    );
    const { text } = await post({ urls, reason: hostile, intent: "check", key: await newKey() });
    expect(text).not.toMatch(/<script>alert|<img|<\/textarea>"/);
    expect(text).toContain("&lt;script&gt;alert(1)");
    const list = text.slice(text.indexOf('<ol class="line-verdicts"'));
    expect(list).toContain("ik-s=masked");
    expect(list).not.toContain("0123456789abcdef");
  });
});
