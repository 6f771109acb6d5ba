import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { type Desk, openNewStorefront, purgedPaths, startDesk } from "./storefront.ts";

let app: Desk;
let store: Awaited<ReturnType<typeof openNewStorefront>>;

beforeAll(async () => {
  app = await startDesk();
});
afterAll(() => app.close());
beforeEach(async () => {
  store = await openNewStorefront(app);
});
afterEach(() => store.close());

const purged = () => purgedPaths(app);
const manifest = (text: string | undefined) => () =>
  new Response(text, { headers: { "Content-Type": "application/json" } });

test("what was rolled back to during a deploy is compared with too, although the deploy itself changed nothing", async () => {
  await store.deploy();
  const first = store.shop.live;
  await store.write("images/shoe.jpg", "shoe 2");
  await store.deploy();
  expect(purged()).toEqual(["/images/shoe.jpg*"]);
  const second = store.shop.live;
  // The third deploy has the second one's images. It is built, a rollback to the first goes live, then the third.
  store.shop.answers.push(manifest(second), manifest(first));
  const { status } = await store.deploy();
  expect(status?.summary).toBe("1 image sent to be purged, for 1 unit.");
  expect(purged()).toEqual(["/images/shoe.jpg*", "/images/shoe.jpg*"]);
});

test.each(["changed", "added"])(
  "a deploy whose images were %s says that its comparison is void if another one went live instead",
  async (how) => {
    await store.deploy();
    const first = store.shop.live;
    await store.write("images/hat.jpg", "hat 2");
    await store.deploy();
    const before = purged();
    await store.write(how === "changed" ? "images/shoe.jpg" : "images/new.jpg", "new");
    const { log, status } = await store.deploy({
      locked: true,
      meanwhile: () => {
        store.shop.live = first;
      },
    });
    expect(purged()).toEqual(before);
    expect(status?.summary).toBe(
      "Nothing was purged: another deploy went live since this one was compared, so the comparison is void.",
    );
    expect(log.includes("  /images/shoe.jpg")).toBe(how === "changed");
  },
);

test("a deploy that only added images does not wait until it is live", async () => {
  await store.deploy();
  await store.write("images/new.jpg", "new");
  expect((await store.deploy({ locked: true })).status?.summary).toBe("No image changed.");
  expect(store.shop.pausedMs).toBe(0);
});

test("a page that stays in the manifest's place is said, and nothing is purged", async () => {
  await store.deploy();
  await store.write("images/shoe.jpg", "shoe 2");
  const page = () => new Response("<h1>Shop</h1>", { headers: { "Content-Type": "text/html" } });
  store.shop.answers.push(manifest(store.shop.live), ...Array.from({ length: 10 }, () => page));
  expect((await store.deploy()).status?.summary).toContain(
    "https://shop.example/purge-desk-images.json answers with a page instead of this deploy's manifest",
  );
});

test.each(["0", "d7"])("two builds with the deploy's id %s are two purges", async (DEPLOY_ID) => {
  const env = { DEPLOY_ID };
  await store.deploy({ env });
  for (const version of [2, 3]) {
    await store.write("images/shoe.jpg", `shoe ${version}`);
    const { status } = await store.deploy({ env });
    expect(status?.summary).toBe("1 image sent to be purged, for 1 unit.");
  }
  expect(purged()).toEqual(["/images/shoe.jpg*", "/images/shoe.jpg*"]);
});

test("where every build has the id 0, the same change made again is purged again", async () => {
  const env = { DEPLOY_ID: "0" };
  await store.deploy({ env });
  for (const version of [2, 1, 2]) {
    await store.write("images/shoe.jpg", `shoe ${version}`);
    await store.deploy({ env });
  }
  expect(purged()).toHaveLength(3);
});

test("a purge of a deploy is sent 30 seconds later, when no location serves the old image any more", async () => {
  await store.deploy();
  await store.write("images/shoe.jpg", "shoe 2");
  await store.deploy();
  const { body } = await app.call("/api/purges", { token: tokens.read });
  const [{ createdAt, sendAt }] = body.purges;
  expect(Date.parse(sendAt) - Date.parse(createdAt)).toBe(30_000);
});

test("images behind links to files and folders belong to the manifest, and a link that leads in a circle ends", async () => {
  await symlink("images", join(store.folder, "pictures"));
  await symlink("images/hat.jpg", join(store.folder, "cap.jpg"));
  await symlink("..", join(store.folder, "images/circle"));
  await symlink("nowhere.jpg", join(store.folder, "broken.jpg"));
  await store.deploy();
  const { images } = JSON.parse((await store.manifest()) ?? "");
  const names = ["coat", "hat", "shoe"];
  expect(Object.keys(images)).toEqual([
    "/cap.jpg",
    ...names.map((name) => `/images/${name}.jpg`),
    ...names.map((name) => `/pictures/${name}.jpg`),
  ]);
});
