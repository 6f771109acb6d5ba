import { expect, test } from "vitest";
import { custom, endpoint, serveProfiles, shop } from "../support/profile-desk.ts";

const served = serveProfiles();
const { put, remove, list } = served;

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
  ["no version", {}, "name in If-Match"],
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
  served.desk.redis.bridge.setFault(() => (requests++ % 2 === 0 ? "lose-reply" : "pass"));
  expect(await put(shop)).toMatchObject({ status: 201, body: { version: 1 } });
  expect(await put({ ...shop, transformations: [] }, { "If-Match": '"1"' })).toMatchObject({ status: 200 });
  expect(await remove({ "If-Match": '"2"' })).toMatchObject({ status: 204 });
  served.desk.redis.bridge.setFault(undefined);
  expect(requests).toBeGreaterThan(6);
  expect(await list()).toMatchObject({ version: 3, profiles: [], history: [{}, {}, {}] });
});

test("changes of different profiles at once are no conflict", async () => {
  const names = ["a", "b", "c", "d"];
  const answers = await Promise.all(names.map((name) => put({ ...shop, paths: [`/${name}/`] }, {}, name)));
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 201));
  expect((await list()).profiles.map(({ name }: { name: string }) => name)).toEqual(names);
});

test("of two changes of one profile at once, one is made and the other is told of it", async () => {
  await put(shop);
  const answers = await Promise.all(
    ["tr:w-1", "tr:w-2"].map((one) => put({ ...shop, transformations: [one] }, { "If-Match": '"1"' })),
  );
  const [made, refused] = answers.toSorted((one, other) => one.status - other.status);
  expect([made?.status, refused?.status]).toEqual([200, 412]);
  expect(refused?.body.current).toEqual(made?.body);
  expect((await list()).profiles).toEqual([made?.body]);
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
  served.desk.logged.length = 0;
  await put(shop);
  await remove({ "If-Match": "*" });
  const changes = served.desk.logged
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === "profile-changed");
  expect(changes).toMatchObject([
    { profile: "shop", actor: "admin-actor", version: 1 },
    { profile: "shop", actor: "admin-actor", version: 2 },
  ]);
});
