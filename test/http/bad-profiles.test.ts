import { expect, test } from "vitest";
import { serveProfiles, shop } from "../support/profile-desk.ts";

const served = serveProfiles();
const { put, remove, list } = served;

test.each<[string, unknown, string, RegExp]>([
  [
    "51 targets an image",
    { ...shop, transformations: widths(50) },
    "/transformations",
    /51 units.*limit is 50/,
  ],
  ["a transformation without tr:", { ...shop, transformations: ["w-400"] }, "/transformations/0", /tr:w-400/],
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

function widths(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `tr:w-${n + 1}`);
}
