import { afterEach, describe, expect, test } from "vitest";
import type { Environment } from "../../../../src/config.ts";
import { startApp, type TestApp, tokens } from "../../../support/app.ts";
import { postForm, sessionCookie, sessionSecret } from "../../session.ts";

describe("sample images", () => {
  let app: TestApp;
  afterEach(() => app.close());

  const start = async (env: Environment) => {
    app = await startApp({ env: { ...sessionSecret, ...env }, app: { live: () => true } });
    const Cookie = await sessionCookie(app, tokens.admin);
    const read = async (path: string) => (await app.call(path, { headers: { Cookie } })).text;
    return { Cookie, read };
  };
  const fieldsOf = (html: string) => ({
    key: /name="key" value="(o_\w+)"/.exec(html)?.[1] ?? "",
    urls: /<textarea[^>]*>([^<]*)<\/textarea>/.exec(html)?.[1] ?? "",
  });

  test("one click in an empty list fills in a sample request, which can be submitted as it is", async () => {
    const { Cookie, read } = await start({ IMAGEKIT_URL_ENDPOINTS: "https://images.shop.example" });
    expect(await read("/")).toContain('href="/new?sample"');
    const redirect = await app.call("/new?sample", { headers: { Cookie } });
    const address = redirect.headers.get("Location") ?? "";
    const html = await read(address);
    const fields = fieldsOf(html);
    expect(fields.urls).toContain("https://images.shop.example/shoes/red.jpg*");
    expect(fields.urls).toContain("\n/bags/green.jpg\n");
    expect(html).toContain("These look like 2 images and 8 URLs");
    for (const verdict of ["Ready", "Covered", "Repeated", "To fix"]) expect(html).toContain(verdict);
    expect(html).toMatch(/name="onInvalid" value="skip" checked/);
    expect(app.imagekit.purged).toEqual([]);

    const form = { ...fields, onInvalid: "skip", intent: "submit" };
    const answer = await postForm(app, address, { fields: form, Cookie });
    expect(answer.headers.get("Location")).toMatch(/^\/batches\/b_/);
    expect(app.imagekit.purged.length).toBe(6);
  });

  test("with the real ImageKit no sample request is offered, and its address gives an empty form", async () => {
    const { Cookie, read } = await start({
      IMAGEKIT_API_BASE_URL: "",
      IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/demo",
    });
    expect(await read("/")).not.toContain("sample");
    const redirect = await app.call("/new?sample", { headers: { Cookie } });
    expect(fieldsOf(await read(redirect.headers.get("Location") ?? "")).urls).toBe("");
  });
});
