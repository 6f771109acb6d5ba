import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { maxBodyBytes } from "../../src/http/requests/body.ts";
import { type CallInit, startApp, type TestApp, tokens } from "../support/app.ts";

const base = "https://ik.imagekit.io/demo";
const shoe = "/products/shoe.jpg";
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
let desk: TestApp;

beforeAll(async () => {
  desk = await startApp();
});
beforeEach(() => desk.redis.flush());
afterEach(async () => {
  const { body } = await desk.call("/api/budget", { token: tokens.read });
  expect([body.spent, body.reserved, body.held]).toEqual([0, 0, 0]);
  expect(desk.imagekit.purged).toEqual([]);
});
afterAll(() => desk.close());

const submit = (json: unknown, init: CallInit = {}) =>
  desk.call("/api/purges", { method: "POST", token: tokens.purge, json, ...init });
const plan = (json: unknown) => desk.call("/api/plan", { method: "POST", token: tokens.read, json });
const inMs = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

describe("an image that is none", () => {
  test.each<[string, string, string, RegExp]>([
    ["outside the endpoints", "https://elsewhere.example/shoe.jpg", "unknown-endpoint", /demo/],
    ["with ..", "/products/../shoe.jpg", "not-an-image", /"\.\."/],
    ["with .. in a URL", `${base}/products/../shoe.jpg`, "not-an-image", /"\.\."/],
    ["with an encoded slash", "/products%2Fshoe.jpg", "not-an-image", /%2F/],
    ["with a wildcard", "/products/shoe.jpg*", "not-an-image", /\*/],
    ["with a wildcard in a URL", `${base}/products/*`, "not-an-image", /\*/],
    ["with an empty path", "/", "not-an-image", /endpoint itself/],
    ["that is the endpoint", base, "not-an-image", /endpoint itself/],
    ["that is empty", "", "not-an-image", /empty/],
    ["that is a folder", "/products/", "not-an-image", /folder/],
  ])("an image %s is refused with what to do, and nothing is charged", async (_, image, code, words) => {
    const answers = [await submit({ images: [image] }), await submit({ images: [image], onInvalid: "skip" })];
    for (const { status, body } of answers) {
      expect(status).toBe(422);
      expect(body).toMatchObject({ code: "invalid-urls", lines: [{ line: 1, verdict: "rejected" }] });
      expect(body.lines[0].violations).toContainEqual(
        expect.objectContaining({ code, message: expect.stringMatching(words) }),
      );
    }
    expect((await plan({ images: [image] })).body).toMatchObject({
      units: 0,
      lines: [{ verdict: "rejected" }],
    });
  });

  test("a path is ambiguous while several endpoints are configured and no profile has it", async () => {
    const two = await startApp({ env: { IMAGEKIT_URL_ENDPOINTS: `${base},https://images.shop.example` } });
    const answer = await two.call("/api/purges", {
      method: "POST",
      token: tokens.purge,
      json: { images: [shoe] },
    });
    await two.close();
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-urls" } });
    expect(answer.body.lines[0].violations).toMatchObject([{ code: "ambiguous-endpoint" }]);
    expect(two.imagekit.purged).toEqual([]);
  });
});

describe("an image whose name may begin many others", () => {
  test.each(["/products/a", "/products/v1.2"])(
    "%s costs one exact URL with the scope purge, never a wildcard that reaches its neighbours",
    async (image) => {
      const named = { method: "POST", json: { images: [image] } };
      const { body } = await desk.call("/api/plan", { ...named, token: tokens.purge });
      expect(body.lines[0].targets).toEqual([{ url: base + image, kind: "exact", verdict: "accepted" }]);
      const ofAdmin = await desk.call("/api/plan", { ...named, token: tokens.admin });
      const [line] = ofAdmin.body.lines;
      const isWide = line.targets[0].kind === "wildcard";
      expect(line.warnings.some(({ code }: { code: string }) => code === "clears-neighbours")).toBe(isWide);
    },
  );
});

describe("cover", () => {
  test.each([
    ["/"],
    ["products/"],
    ["/products"],
    ["/products/*"],
    ["/a/../b/"],
    ["//"],
    ["https://x.example/a/"],
    [""],
  ])("the folder %j cannot be cleared whole, and its place is named", async (folder) => {
    for (const answer of [
      await submit({ images: [shoe], cover: [folder] }, { token: tokens.admin }),
      await plan({ images: [shoe], cover: [folder] }),
    ]) {
      expect(answer).toMatchObject({
        status: 422,
        body: { code: "invalid-body", errors: [{ at: "/cover/0" }] },
      });
      expect(answer.body.detail).toContain("/products/autumn/");
    }
  });

  test("cover needs the scope wildcard, which is named, while an image's own wildcards do not", async () => {
    const answer = await submit({ images: [shoe], cover: ["/products/"] });
    expect(answer).toMatchObject({ status: 403, body: { code: "forbidden", scope: "wildcard", lines: [] } });
    expect(answer.body.detail).toBe("cover needs the scope wildcard, which the token lacks.");
    const both = await submit({ urls: [`${base}/shoe.jpg*`], images: [shoe], cover: ["/products/"] });
    expect(both.body.detail).toBe("Line 1 and cover need the scope wildcard, which the token lacks.");
  });
});

describe("the time of a send", () => {
  const rows: readonly (readonly [string, object, string, RegExp])[] = [
    ["in the past", { sendAfter: inMs(-1_000) }, "/sendAfter", /in the past.*omit it/],
    ["in 32 days", { sendAfter: inMs(32 * dayMs) }, "/sendAfter", /31 days.*latest is/],
    ["that is no time", { sendAfter: "tomorrow" }, "/sendAfter", /such as/],
    [
      "before the change",
      { sendAfter: inMs(10_000), changedAt: inMs(30_000) },
      "/changedAt",
      /after sendAfter/,
    ],
    [
      "with a change in the future",
      { sendAfter: inMs(dayMs), changedAt: inMs(hourMs) },
      "/changedAt",
      /future/,
    ],
    ["beside one to settle", { sendAfter: inMs(hourMs), settleSeconds: 5 }, "/settleSeconds", /together/],
    ["settling for half a second", { settleSeconds: 0.5 }, "/settleSeconds", /^must be a whole number$/],
    ["settling for 3,601 s", { settleSeconds: 3_601 }, "/settleSeconds", /at most 3600/],
    ["settling for -1 s", { settleSeconds: -1 }, "/settleSeconds", /at least 0/],
  ];

  test.each(rows)("a send %s is refused at its field, in a plan too", async (_, fields, at, words) => {
    for (const answer of [
      await submit({ images: [shoe], ...fields }),
      await plan({ urls: [base + shoe], ...fields }),
    ]) {
      expect(answer).toMatchObject({ status: 422, body: { code: "invalid-body" } });
      expect(answer.body.errors).toEqual([{ in: "body", at, message: expect.stringMatching(words) }]);
    }
  });
});

describe("what cannot be learned from", () => {
  const learn = (body: BodyInit, type = "text/plain") =>
    desk.call("/api/profiles/learn", { method: "POST", token: tokens.read, body, type });
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  const utf16 = new Uint8Array([...`${base}${shoe}`].flatMap((character) => [character.charCodeAt(0), 0]));

  test("513 KiB are too large, and the limit is named", async () => {
    const answer = await learn("x".repeat(513 * 1024));
    expect(answer).toMatchObject({ status: 413, body: { code: "body-too-large", limit: maxBodyBytes } });
    expect((await learn(" ".repeat(512 * 1024))).status).toBe(200);
  });

  test.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ["an image", png, /not valid UTF-8/],
    ["text in UTF-16", utf16, /NUL.*binary.*UTF-8/],
  ])("%s is refused, and UTF-8 is named", async (_, body, words) => {
    const answer = await learn(body);
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-body" } });
    expect(answer.body.detail).toMatch(words);
  });

  test.each(["application/octet-stream", "text/html", "application/json"])(
    "%s is refused, and text/plain is named",
    async (type) => {
      const answer = await learn("<p>", type);
      expect(answer).toMatchObject({ status: 415, body: { code: "unsupported-media-type" } });
      expect(answer.body.detail).toContain("text/plain");
    },
  );
});
