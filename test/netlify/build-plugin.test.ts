import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";
import { openStorefront } from "./storefront.ts";

let app: TestApp;
let store: Awaited<ReturnType<typeof openStorefront>>;

beforeAll(async () => {
  app = await startApp({ app: { basePath: "/_purge" }, env: { PURGE_MONTHLY_QUOTA: "20" } });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.redis.flush();
  app.imagekit.purged.length = 0;
  app.imagekit.answer = accepting("Pending");
  store = await openStorefront(app, tokens.purge);
  await store.write("index.html", "<h1>Shop</h1>");
  await store.write("images/shoe.jpg", "shoe 1");
  await store.write("images/hat.jpg", "hat 1");
  await store.write("images/coat.jpg", "coat 1");
});
afterEach(() => store.close());

/** What ImageKit was asked to purge, without the endpoint. */
function purged(): readonly string[] {
  const urls = app.imagekit.purged.map((body) => JSON.parse(body).url);
  return urls.map((url: string) => url.replace("https://ik.imagekit.io/demo", "")).sort();
}

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
  expect(log).toContain("npx purge-desk purge --images");
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

test("what ImageKit refuses is named, and the rest is purged", async () => {
  await store.deploy();
  await store.write("images/shoe.jpg", "shoe 2");
  await store.write("images/hat.jpg", "hat 2");
  const accept = accepting("Pending");
  app.imagekit.answer = async (request) => {
    const body = await request.clone().text();
    if (!body.includes("hat")) return accept(request);
    return Response.json({ message: "The URL is not valid for cache purging.", help: "" }, { status: 400 });
  };
  const { log, status } = await store.deploy();
  expect(status?.summary).toBe("1 image sent to be purged, for 2 units. 1 image left.");
  expect(log).toContain("  /images/hat.jpg: the purge ended as refused");
});

test("a name that Purge Desk refuses is named with its reason, and the rest is purged", async () => {
  await store.write("images/a*.jpg", "star 1");
  await store.deploy();
  await store.write("images/a*.jpg", "star 2");
  await store.write("images/shoe.jpg", "shoe 2");
  const { log, status } = await store.deploy();
  expect(purged()).toEqual(["/images/shoe.jpg*"]);
  expect(status?.summary).toBe("1 image sent to be purged, for 1 unit. 1 image left.");
  expect(log).toMatch(/ {2}\/images\/a\*\.jpg: \w+/);
});

test.each([
  [
    "the budget is used up",
    { PURGE_DESK_TOKEN: tokens.purge },
    /1 image left\. This needs 1 of the month's units; 0 are left/,
  ],
  [
    "the token is unknown",
    { PURGE_DESK_TOKEN: `pd_${"x".repeat(43)}` },
    /Purging failed: 0 images sent, 1 image left/,
  ],
  ["PURGE_DESK_URL is not set", { PURGE_DESK_URL: undefined }, /PURGE_DESK_URL/],
  ["PURGE_DESK_TOKEN is not set", { PURGE_DESK_TOKEN: undefined }, /PURGE_DESK_TOKEN/],
])("when %s, the deploy goes on, and what was left is named", async (why, env, words) => {
  await store.deploy();
  if (why.startsWith("the budget")) {
    const json = { external: 20, reason: "all of it" };
    await app.call("/api/budget/corrections", { method: "POST", token: tokens.admin, json });
  }
  await store.write("images/shoe.jpg", "shoe 2");
  const { log, status } = await store.deploy({ env });
  expect(purged()).toEqual([]);
  expect(status?.summary).toMatch(words);
  expect(log).toContain("  /images/shoe.jpg");
});

test("a submission whose answer was lost is not paid twice", async () => {
  await store.deploy();
  await store.write("images/shoe.jpg", "shoe 2");
  store.shop.losesAnswer = true;
  const { status } = await store.deploy();
  expect(status?.summary).toBe("1 image sent to be purged, for 1 unit.");
  expect(purged()).toEqual(["/images/shoe.jpg*"]);
});

test.each([
  [{ folder: "images" }, "folder: must begin and end with a slash"],
  [{ imagekitPath: "shop/" }, "imagekitPath: must be a path or a URL"],
  [{ extensions: [] }, "extensions: must name at least one"],
  [{ extensions: ["*.jpg"] }, "extensions: must be extensions"],
  [{ maxUnits: "many" }, "maxUnits: "],
  [{ maxUnits: -1 }, "maxUnits: must not be negative"],
  [{ dryRun: "no" }, "dryRun: must be true or false"],
])("wrong inputs are said and purge nothing: %j", async (inputs, words) => {
  await store.deploy();
  await store.write("images/shoe.jpg", "shoe 2");
  const { log, status } = await store.deploy({ inputs });
  expect(status?.summary).toBe("Nothing is purged: the plugin's inputs are wrong.");
  expect(log).toContain(words);
  expect(purged()).toEqual([]);
});

test("a publish folder that is not there is said, and the deploy goes on", async () => {
  const elsewhere = await openStorefront(app, tokens.purge);
  await elsewhere.close();
  const { status } = await elsewhere.deploy();
  expect(status).toMatchObject({
    summary: "Nothing is purged: the plugin failed.",
    text: expect.stringContaining("ENOENT"),
  });
});

test("images are purged where ImageKit has them, spelled as in a URL", async () => {
  await store.write("images/50% grün?#.jpg", "odd 1");
  await store.write("banners/sale.webp", "sale 1");
  await store.write("images/note.TXT", "text 1");
  const inputs = {
    folder: "/images/",
    imagekitPath: "https://ik.imagekit.io/demo/shop/",
    extensions: ["JPG", ".txt"],
  };
  await store.deploy({ inputs });
  await store.write("images/50% grün?#.jpg", "odd 2");
  await store.write("banners/sale.webp", "sale 2");
  await store.write("images/note.TXT", "text 2");
  await store.deploy({ inputs });
  expect(purged()).toEqual(["/shop/50%25%20gr%C3%BCn%3F%23.jpg*", "/shop/note.TXT"]);
});

test("images that the inputs no longer select are not taken for deleted ones", async () => {
  await store.write("banners/sale.webp", "sale 1");
  await store.deploy();
  await store.deploy({ inputs: { folder: "/images/" } });
  await store.deploy({ inputs: { extensions: ["png"] } });
  expect(purged()).toEqual([]);
});
