import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startApp, type TestApp, tokens } from "../support/app.ts";

const endpoint = "https://ik.imagekit.io/demo";
const custom = "https://images.shop.example";
const shop = { paths: ["/products/"], endpoints: [endpoint], transformations: ["tr:w-{400,640}"] };
let desk: TestApp;

beforeAll(async () => {
  desk = await startApp({ env: { IMAGEKIT_URL_ENDPOINTS: `${endpoint},${custom}` } });
});
beforeEach(() => desk.redis.flush());
afterAll(() => desk.close());

const put = (json: unknown, headers: Record<string, string> = {}, name = "shop") =>
  desk.call(`/api/profiles/${name}`, { method: "PUT", token: tokens.admin, json, headers });
const remove = (headers: Record<string, string> = {}, name = "shop") =>
  desk.call(`/api/profiles/${name}`, { method: "DELETE", token: tokens.admin, headers });
const list = async () => (await desk.call("/api/profiles", { token: tokens.read })).body;

describe("a profile", () => {
  test("a new profile is answered 201 with its price for each image and its version as ETag", async () => {
    const answer = await put(shop);
    expect(answer).toMatchObject({
      status: 201,
      body: { name: "shop", ...shop, units: 3, unitsWithQuery: 1, version: 1, changedBy: "admin-actor" },
    });
    expect(answer.headers.get("ETag")).toBe('"1"');
    expect(await list()).toMatchObject({ version: 1, profiles: [answer.body] });
  });

  test("a change with the version that was seen is made, and the history has before and after, newest first", async () => {
    await put(shop);
    const changed = { ...shop, endpoints: [endpoint, custom] };
    const answer = await put(changed, { "If-Match": '"1"' });
    expect(answer).toMatchObject({ status: 200, body: { units: 6, unitsWithQuery: 2, version: 2 } });
    expect(answer.headers.get("ETag")).toBe('"2"');
    expect((await list()).history).toMatchObject([
      { actor: "admin-actor", name: "shop", before: shop, after: changed },
      { actor: "admin-actor", name: "shop", before: null, after: shop },
    ]);
  });

  test.each([['"1"'], ['W/"1"']])("a version as %s is understood", async (version) => {
    await put(shop);
    expect(await put({ ...shop, transformations: [] }, { "If-Match": version })).toMatchObject({
      status: 200,
    });
  });

  test("of two admins the later one is told what changed, and the earlier change stays", async () => {
    await put(shop);
    const first = await put({ ...shop, transformations: ["tr:w-800"] }, { "If-Match": '"1"' });
    expect(first.status).toBe(200);
    const second = await put({ ...shop, transformations: [] }, { "If-Match": '"1"' });
    expect(second).toMatchObject({
      status: 412,
      body: {
        code: "profile-changed",
        current: { version: 2, transformations: ["tr:w-800"], changedBy: "admin-actor" },
        change: { actor: "admin-actor", before: shop, after: { transformations: ["tr:w-800"] } },
      },
    });
    expect(second.body.detail).toContain(`admin-actor changed it at ${second.body.current.changedAt}`);
    expect(second.body.detail).toContain('If-Match: "2"');
    expect((await list()).profiles).toEqual([first.body]);
  });

  test.each<[string, Record<string, string>, string]>([
    ["no version", {}, "say with If-Match"],
    ["the wish to create it", { "If-None-Match": "*" }, "exists already"],
    ["a version that never was", { "If-Match": '"99"' }, "no longer the version"],
  ])("an existing profile is not changed with %s, and the answer says so", async (_, headers, words) => {
    const { body: before } = await put(shop);
    const answer = await put({ ...shop, transformations: [] }, headers);
    expect(answer).toMatchObject({ status: 412, body: { code: "profile-changed", current: before } });
    expect(answer.body.detail).toContain(words);
    expect((await list()).profiles).toEqual([before]);
  });

  test("a change of a profile that is gone is refused, and says who deleted it", async () => {
    await put(shop);
    await remove({ "If-Match": '"1"' });
    const answer = await put(shop, { "If-Match": '"1"' });
    expect(answer).toMatchObject({
      status: 412,
      body: { current: null, change: { before: shop, after: null } },
    });
    expect(answer.body.detail).toContain("Omit If-Match to create it");
  });

  test("a change that is sent again after its answer was lost changes nothing more", async () => {
    await put(shop, { "If-None-Match": "*" });
    expect(await put(shop, { "If-None-Match": "*" })).toMatchObject({ status: 200, body: { version: 1 } });
    const changed = { ...shop, transformations: [] };
    await put(changed, { "If-Match": '"1"' });
    expect(await put(changed, { "If-Match": '"1"' })).toMatchObject({ status: 200, body: { version: 2 } });
    expect((await list()).history).toHaveLength(2);
  });

  test("a change is made once and answered as made, when Redis' replies to it are lost", async () => {
    await list();
    let requests = 0;
    desk.redis.bridge.setFault(() => (requests++ % 2 === 0 ? "lose-reply" : "pass"));
    expect(await put(shop)).toMatchObject({ status: 201, body: { version: 1 } });
    expect(await put({ ...shop, transformations: [] }, { "If-Match": '"1"' })).toMatchObject({ status: 200 });
    expect(await remove({ "If-Match": '"2"' })).toMatchObject({ status: 204 });
    desk.redis.bridge.setFault(undefined);
    expect(requests).toBeGreaterThan(6);
    expect(await list()).toMatchObject({ version: 3, profiles: [], history: [{}, {}, {}] });
  });

  test("changes of different profiles at once are no conflict", async () => {
    const names = ["a", "b", "c", "d"];
    const answers = await Promise.all(names.map((name) => put({ ...shop, paths: [`/${name}/`] }, {}, name)));
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 201));
    expect((await list()).profiles.map(({ name }: { name: string }) => name)).toEqual(names);
  });

  test("of two profiles that claim one path at once, one is refused", async () => {
    const answers = await Promise.all(["a", "b"].map((name) => put(shop, {}, name)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    expect((await list()).profiles).toHaveLength(1);
  });

  test("a deleted profile is answered 204, and 404 from then on", async () => {
    await put(shop);
    expect(await remove()).toMatchObject({ status: 412, body: { code: "profile-changed" } });
    expect(await remove({ "If-Match": '"7"' })).toMatchObject({ status: 412 });
    expect(await remove({ "If-Match": '"1"' })).toMatchObject({ status: 204, text: "" });
    expect(await remove({ "If-Match": '"1"' })).toMatchObject({ status: 404, body: { code: "not-found" } });
    expect(await list()).toMatchObject({ version: 2, profiles: [] });
  });

  test("a change is in the log, with who made it", async () => {
    desk.logged.length = 0;
    await put(shop);
    await remove({ "If-Match": "*" });
    const changes = desk.logged
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === "profile-changed");
    expect(changes).toMatchObject([
      { profile: "shop", actor: "admin-actor", version: 1 },
      { profile: "shop", actor: "admin-actor", version: 2 },
    ]);
  });
});

describe("learning", () => {
  const page = `<img srcset="${endpoint}/tr:w-400,h-300/products/shoe.jpg 1x, ${endpoint}/tr:w-800/products/shoe.jpg 2x">
    <img src="${endpoint}/tr:w-400,h-300/products/boot.jpg?v=2"> <img src="https://cdn.example/logo.png">`;
  const learn = (body: string) =>
    desk.call("/api/profiles/learn", { method: "POST", token: tokens.read, type: "text/plain", body });

  test("what a page uses is answered as profiles with their price, which can be put as they are", async () => {
    const { status, body } = await learn(page);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      urls: 3,
      profiles: [{ endpoints: [endpoint], units: 3, unitsWithQuery: 1 }],
    });
    const [{ name, paths, endpoints, transformations, seen }] = body.profiles;
    expect(seen).toMatchObject({ "tr:w-400,h-300": 2, "tr:w-800": 1 });
    expect(await put({ paths, endpoints, transformations }, {}, name)).toMatchObject({ status: 201 });
    const image = { images: ["/products/shoe.jpg"] };
    const plan = await desk.call("/api/plan", { method: "POST", token: tokens.read, json: image });
    expect(plan.body).toMatchObject({ units: 3, lines: [{ profile: name }] });
  });

  test("learning stores nothing, and shows no signature", async () => {
    const { text } = await learn(`${endpoint}/tr:w-4/a.jpg?ik-t=1900000000&ik-s=0123456789abcdef ${page}`);
    expect(text).not.toMatch(/0123456789abcdef|1900000000/);
    expect(await list()).toMatchObject({ version: 0, profiles: [] });
  });

  test("a text without URLs of the shop teaches nothing", async () => {
    expect((await learn("no images here")).body).toMatchObject({ profiles: [], urls: 0 });
  });
});

describe("what is wrong with a profile", () => {
  test.each<[string, unknown, string, RegExp]>([
    [
      "51 targets an image",
      { ...shop, transformations: widths(50) },
      "/transformations",
      /51 units.*limit is 50/,
    ],
    [
      "a transformation without tr:",
      { ...shop, transformations: ["w-400"] },
      "/transformations/0",
      /tr:w-400/,
    ],
    ["an empty transformation", { ...shop, transformations: ["tr:"] }, "/transformations/0", /./],
    ["a slash in one", { ...shop, transformations: ["tr:w-400/tr:h-300"] }, "/transformations/0", /\//],
    ["an open brace", { ...shop, transformations: ["tr:w-{400"] }, "/transformations/0", /\{/],
    ["201 characters", { ...shop, transformations: [`tr:${"w".repeat(200)}`] }, "/transformations/0", /200/],
    ["an unknown endpoint", { ...shop, endpoints: ["https://ik.imagekit.io/other"] }, "/endpoints/0", /demo/],
    ["no path", { ...shop, paths: [] }, "/paths", /empty/],
    ["a path that climbs", { ...shop, paths: ["/a/../b/"] }, "/paths/0", /\.\./],
    ["another name than its address", { ...shop, name: "other" }, "/name", /shop/],
    ["a field that does not exist", { ...shop, colour: "red" }, "/colour", /known field/],
  ])("%s is refused at its place, and nothing is stored", async (_, json, at, words) => {
    const answer = await put(json);
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-body" } });
    expect(answer.body.errors).toContainEqual({ in: "body", at, message: expect.stringMatching(words) });
    expect(answer.body.detail).not.toMatch(/\w\.\.( |$)/);
    expect(await list()).toMatchObject({ version: 0, profiles: [], history: [] });
  });

  test("all faults are named, not only the first", async () => {
    const { body } = await put({
      paths: ["products"],
      endpoints: ["https://x.example"],
      transformations: ["w-4"],
    });
    expect(body.errors.map(({ at }: { at: string }) => at).sort()).toEqual([
      "/endpoints/0",
      "/paths/0",
      "/transformations/0",
    ]);
  });

  test("a path that another profile has is refused, and names its owner", async () => {
    await put(shop);
    const answer = await put(shop, {}, "other");
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ at: "/paths/0" }] } });
    expect(answer.body.detail).toContain('"shop"');
  });

  test("a 51st profile is refused", async () => {
    for (let n = 1; n <= 50; n++) await put({ ...shop, paths: [`/${n}/`] }, {}, `shop-${n}`);
    const answer = await put({ ...shop, paths: ["/51/"] }, {}, "shop-51");
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-body", errors: [{ at: "" }] } });
    expect(answer.body.detail).toMatch(/limit is 50/);
    expect((await list()).profiles).toHaveLength(50);
  }, 30_000);

  test.each(["Shop", "a".repeat(33), "shop.1", "sh%C3%B6p", "__proto__"])(
    "the name %s is refused",
    async (name) => {
      const answer = await put(shop, {}, name);
      expect(answer).toMatchObject({
        status: 422,
        body: { code: "invalid-body", errors: [{ at: "/name" }] },
      });
      expect(await remove({}, name)).toMatchObject({ status: 404 });
    },
  );

  test.each<[string, Record<string, string>]>([
    ["If-Match", { "If-Match": "1" }],
    ["If-Match", { "If-Match": '"1", "2"' }],
    ["If-None-Match", { "If-None-Match": '"1"' }],
    ["If-None-Match", { "If-Match": '"1"', "If-None-Match": "*" }],
  ])("a wrong %s is refused, and says what would pass: %j", async (at, headers) => {
    const answer = await put(shop, headers);
    expect(answer).toMatchObject({
      status: 422,
      body: { code: "invalid-header", errors: [{ in: "header", at }] },
    });
  });
});

function widths(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `tr:w-${n + 1}`);
}
