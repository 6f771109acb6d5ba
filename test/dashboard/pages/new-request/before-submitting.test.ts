import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApp, type TestApp, tokens } from "../../../support/app.ts";
import { postForm, sessionCookie, sessionSecret } from "../../session.ts";

const base = "https://ik.imagekit.io/demo";
const image = (name: string) => `${base}/shoes/${name}`;
const time = { now: Date.parse("2026-11-24T03:00:00Z") };

describe("the check of a new request without a script", () => {
  let app: TestApp;
  let Cookie = "";
  let keys = 0;
  beforeAll(async () => {
    app = await startApp({
      time,
      env: {
        ...sessionSecret,
        IMAGEKIT_URL_ENDPOINTS: base,
        PURGE_MONTHLY_QUOTA: "5",
        PURGE_QUOTA_TIME_ZONE: "America/New_York",
      },
    });
    Cookie = await sessionCookie(app, tokens.admin);
  });
  afterAll(() => app.close());

  const post = async (lines: readonly string[], fields: Readonly<Record<string, string>> = {}) => {
    keys += 1;
    const key = `o_${String(keys).padStart(26, "0")}`;
    const all = { key, urls: lines.join("\n"), intent: "check", ...fields };
    const { status, text, headers } = await postForm(app, "/new", { fields: all, Cookie });
    return { status, text, location: headers.get("Location") ?? "" };
  };
  const purged = (): readonly string[] => app.imagekit.purged.map((body) => JSON.parse(body).url);
  const tick = (line: string) => ({ "anyway.3": line });

  test("holding is explained before it happens: how many go now, and when the rest goes", async () => {
    const lines = Array.from({ length: 12 }, (_, index) => image(`${index}.jpg`));
    const { text } = await post(lines, { onExhausted: "hold" });
    expect(text).toContain("5 ready now, 7 on 1 Dec, costs 12 units.");
    expect(text).toContain("Submit 5 now, 7 on 1 Dec</button>");
    expect(text).toContain("0 left, 7 held");
    expect(text.match(/<strong>Ready<\/strong> 1 unit/g)).toHaveLength(5);
    expect(text.match(/<strong>Held<\/strong> until 1 Dec, 1 unit/g)).toHaveLength(7);
    const rejected = await post(lines);
    expect(rejected.text).toContain("7 short");
    expect(rejected.text).not.toContain("Held");
  });

  test("more lines than can ever be held are refused with the reason", async () => {
    const lines = Array.from({ length: 11 }, (_, index) => image(`beyond-${index}.jpg`));
    const { status, text } = await post(lines, { onExhausted: "hold", intent: "submit" });
    expect(status).toBe(429);
    expect(text).toContain("which is more than the 5 that are left and a month");
  });

  test("a probable mistake is sent only when its box is ticked", async () => {
    const mistake = `${base}/`;
    const checked = await post([mistake]);
    expect(checked.text).toContain("<strong>Probably a mistake</strong>");
    expect(checked.text).toContain("1 to fix, costs nothing.");
    expect(checked.text).toContain(`form="request-form" name="anyway.1" value="${mistake}"`);

    const refused = await post([mistake, image("fine.jpg")], { intent: "submit" });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain("or tick “Send it anyway” at line 1");
    // A tick that belongs to another line does nothing.
    expect((await post([mistake], { intent: "submit", ...tick(image("fine.jpg")) })).status).toBe(422);
    expect(app.imagekit.purged).toEqual([]);

    const ticked = await post([mistake], tick(mistake));
    expect(ticked.text).toMatch(/name="anyway.1" value="[^"]+" checked=""/);
    expect(ticked.text).toContain("1 ready, costs 1 unit.");
    const { status, location } = await post([mistake], { intent: "submit", ...tick(mistake) });
    expect([status, location]).toEqual([303, expect.stringMatching(/^\/batches\/b_/)]);
    expect(purged()).toEqual([mistake]);
  });

  test("skipping leaves out a mistake that is not ticked, and sends one that is", async () => {
    const lines = [`${base}/`, base, image("skipped.jpg")];
    const { status } = await post(lines, { intent: "submit", onInvalid: "skip", ...tick(base) });
    expect(status).toBe(303);
    expect(purged().slice(1).sort()).toEqual([base, image("skipped.jpg")]);
  });

  test("a check finds the URLs in any text, and gives the text back as it was", async () => {
    const csv = `sku;image\r\n1;"${image("a.jpg")}, ${image("b.jpg")}"\r\n2;https://other.example/c.jpg`;
    const checked = await post([csv]);
    expect(checked.text).toContain(
      "2 URLs found in what you entered. Left out: 1 line without a URL, 1 URL that is not",
    );
    expect(checked.text).toContain(`>\n${image("a.jpg")}\n${image("b.jpg")}</textarea>`);
    expect(checked.text).toContain("2 ready, costs 2 units.");
    const [, original = ""] = /name="urls" value="([^"]*)"/.exec(checked.text) ?? [];
    expect(original.replaceAll("&quot;", '"')).toBe(csv);

    const kept = await post([csv], { intent: "keep" });
    expect(kept.text).toContain(">\nsku;image\r\n1;&quot;https");
    expect(kept.text).toContain("3 to fix");
    const list = await post([image("a.jpg"), "nonsense/x"]);
    expect(list.text).not.toContain("found in what you entered");
  });

  test("the form and its sample teach no * to whoever may not purge wildcards", async () => {
    const page = async (token: string, path: string) => {
      const own = { Cookie: await sessionCookie(app, token) };
      const { headers } = await app.call(path, { headers: own });
      return (await app.call(headers.get("Location") ?? "", { headers: own })).text;
    };
    for (const path of ["/new", "/new?sample"]) {
      expect(await page(tokens.admin, path)).toContain("*");
      expect((await page(tokens.purge, path)).replace(/Accept[^>]*|accept="[^"]*"/g, "")).not.toContain("*");
    }
  });
});
