import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type TestApp, tokens } from "../support/app.ts";
import { openNewStorefront, purgedPaths, startDesk } from "./storefront.ts";

let app: TestApp;
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

test("the first production deploy purges nothing, says so, and publishes the digests of its images", async () => {
  await store.write(".secret/a.jpg", "not published");
  await store.write("node_modules/package/b.jpg", "not published");
  const { log, status } = await store.deploy();
  expect(purged()).toEqual([]);
  expect(status?.summary).toBe("Nothing is purged: no manifest of images is live yet.");
  expect(log).toContain(status?.summary);
  const manifest = JSON.parse((await store.manifest()) ?? "");
  expect(Object.keys(manifest.images)).toEqual(["/images/coat.jpg", "/images/hat.jpg", "/images/shoe.jpg"]);
});

test("a deploy purges the images that it changed, deleted or renamed, each once, and not those that it added", async () => {
  await store.deploy();
  await store.write("images/shoe.jpg", "shoe 2");
  await store.write("images/new.jpg", "new");
  await store.remove("images/hat.jpg");
  await store.rename("images/coat.jpg", "images/jacket.jpg");
  const { log, status } = await store.deploy();
  expect(purged()).toEqual(["/images/coat.jpg*", "/images/hat.jpg*", "/images/shoe.jpg*"]);
  expect(status?.summary).toBe("3 images sent to be purged, for 3 units.");
  expect(log).toContain("1 image changed, 2 images gone");
  const { body } = await app.call("/api/purges", { token: tokens.read });
  expect(new Set(body.purges.map(({ reason }: { reason: string }) => reason))).toEqual(
    new Set(["Deploy d2"]),
  );
  expect(status?.text).toContain(`https://purge.test/_purge/batches/${body.purges[0].batchId}`);
});

test("a deploy without a changed image purges nothing", async () => {
  await store.deploy();
  await store.write("index.html", "<h1>Shop, anew</h1>");
  expect((await store.deploy()).status?.summary).toBe("No image changed.");
  expect(purged()).toEqual([]);
});

test("a deploy after a rollback purges what differs from what was rolled back to", async () => {
  await store.deploy();
  const first = store.shop.live;
  await store.write("images/shoe.jpg", "shoe 2");
  await store.deploy();
  expect(purged()).toEqual(["/images/shoe.jpg*"]);
  // The same images as at first are deployed again: what the second deploy changed, changes back.
  await store.write("images/shoe.jpg", "shoe 1");
  await store.deploy();
  expect(purged()).toEqual(["/images/shoe.jpg*", "/images/shoe.jpg*"]);
  expect(store.shop.live).toBe(first);
  // Netlify publishes an old deploy without a build; the next deploy compares with that one.
  await store.write("images/hat.jpg", "hat 2");
  await store.deploy();
  store.shop.live = first;
  await store.deploy();
  expect(purged().filter((path) => path === "/images/hat.jpg*")).toHaveLength(2);
});

test("a deploy that fails purges nothing, and the next one purges what both changed", async () => {
  await store.deploy();
  await store.write("images/shoe.jpg", "shoe 2");
  await store.deploy({ fails: true });
  expect(purged()).toEqual([]);
  await store.write("images/hat.jpg", "hat 2");
  await store.deploy();
  expect(purged()).toEqual(["/images/hat.jpg*", "/images/shoe.jpg*"]);
});

test.each([
  ["is not JSON", () => new Response("{"), "is no manifest of images"],
  ["is of another version", () => Response.json({ version: 2, images: {} }), "is no manifest of images"],
  ["is behind a password", () => new Response("Password", { status: 401 }), "answers 401"],
  ["does not come", () => new Response("Oops", { status: 503 }), "does not answer"],
  ["cannot be reached", () => Promise.reject(new TypeError("fetch failed")), "does not answer"],
])("a live manifest that %s is said, and nothing is purged", async (_, answer, words) => {
  await store.deploy();
  await store.write("images/shoe.jpg", "shoe 2");
  store.shop.answers.push(answer, answer, answer);
  const { log, status } = await store.deploy();
  expect(purged()).toEqual([]);
  expect(status?.summary).toBe("Nothing is purged: what is live cannot be compared with.");
  expect(log).toContain(`https://shop.example/purge-desk-images.json ${words}`);
});

test("a site that does not answer for a moment is asked again", async () => {
  await store.deploy();
  await store.write("images/shoe.jpg", "shoe 2");
  store.shop.answers.push(() => new Response("Oops", { status: 502 }));
  await store.deploy();
  expect(purged()).toEqual(["/images/shoe.jpg*"]);
});

test("a page in the place of a manifest, as single-page apps answer, counts as none", async () => {
  store.shop.answers.push(() => new Response("<h1>Shop</h1>", { headers: { "Content-Type": "text/html" } }));
  const { status } = await store.deploy();
  expect(status?.summary).toContain("no manifest of images is live yet");
});

test("with dryRun, a deploy says what it would purge and what that would cost, and purges nothing", async () => {
  await store.deploy();
  await store.write("images/shoe.jpg", "shoe 2");
  await store.remove("images/hat.jpg");
  const { log, status } = await store.deploy({ inputs: { dryRun: true } });
  expect(purged()).toEqual([]);
  expect(status?.summary).toBe("Dry run: purging 2 images would cost 2 units; nothing was purged.");
  expect(log).toContain("  /images/shoe.jpg\n  /images/hat.jpg");
});

test("a deploy that would cost more than maxUnits purges nothing, and names the images and what would be cheaper", async () => {
  const images = ["shoe", "hat", "coat"].map((name) => `images/autumn/${name}.jpg`);
  const take = async (round: number) => {
    for (const image of images) await store.write(image, `round ${round}`);
  };
  await take(1);
  await store.deploy();
  await take(2);
  const { log, status } = await store.deploy({ inputs: { maxUnits: 2 } });
  expect(purged()).toEqual([]);
  expect(status?.summary).toBe("Nothing was purged: 3 images would cost 3 units or more, and maxUnits is 2.");
  expect(log).toContain("Clearing the folder /images/autumn/ whole would cost 1 unit instead of 3.");
  expect(log).toContain("npx --no-install purge-desk purge --images");
  for (const image of images) expect(log).toContain(`  /${image}`);

  await take(3);
  await store.deploy({ inputs: { maxUnits: 3 } });
  expect(purged()).toHaveLength(3);
});

test.each(["deploy-preview", "branch-deploy", "dev", undefined])(
  "in the context %s nothing is read, written or purged",
  async (CONTEXT) => {
    await store.deploy();
    const { live, asked } = store.shop;
    await store.write("images/shoe.jpg", "shoe 2");
    const before = await store.manifest();
    await store.deploy({ env: { CONTEXT }, locked: true });
    expect(purged()).toEqual([]);
    expect([await store.manifest(), store.shop.live, store.shop.asked]).toEqual([before, live, asked]);
  },
);

test("a deploy that is not the one that is live purges nothing, and names what it changed", async () => {
  await store.deploy();
  await store.write("images/shoe.jpg", "shoe 2");
  const { log, status } = await store.deploy({ locked: true });
  expect(purged()).toEqual([]);
  expect(status?.summary).toBe("Nothing was purged: this deploy is not the one that is live.");
  expect(log).toContain("  /images/shoe.jpg");
  expect(store.shop.pausedMs).toBeLessThanOrEqual(30_000);
});

test("a deploy that the site shows a moment later is purged then", async () => {
  await store.deploy();
  const old = store.shop.live ?? "";
  await store.write("images/shoe.jpg", "shoe 2");
  const stale = () => new Response(old, { headers: { "Content-Type": "application/json" } });
  store.shop.answers.push(stale, stale, stale);
  await store.deploy();
  expect(purged()).toEqual(["/images/shoe.jpg*"]);
});
