import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
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

test("a name that Purge Desk refuses is named with what to do about it, and the rest is purged", async () => {
  await store.write("images/a*.jpg", "star 1");
  await store.deploy();
  await store.write("images/a*.jpg", "star 2");
  await store.write("images/shoe.jpg", "shoe 2");
  const { log, status } = await store.deploy();
  expect(purged()).toEqual(["/images/shoe.jpg*"]);
  expect(status?.summary).toBe("1 image sent to be purged, for 1 unit. 1 image refused.");
  expect(status?.text).toMatch(/Purge Desk refuses these.*\n {2}\/images\/a\*\.jpg: Name one file, /);
  // The command line would refuse it too.
  expect(log).not.toContain("purge-desk purge --images");
});

test.each([
  [
    "dryRun",
    { dryRun: true },
    "Dry run: purging 1 image would cost 1 unit; nothing was purged. 1 image refused.",
  ],
  ["maxUnits", { maxUnits: 0 }, "Nothing was purged: 2 images would cost 1 unit or more, and maxUnits is 0."],
])("what Purge Desk would refuse is named with %s too, apart from the rest", async (_, inputs, summary) => {
  await store.write("images/a*.jpg", "star 1");
  await store.deploy();
  await store.write("images/a*.jpg", "star 2");
  await store.write("images/shoe.jpg", "shoe 2");
  const { status } = await store.deploy({ inputs });
  expect(status?.summary).toBe(summary);
  expect(status?.text).toMatch(/^ {2}\/images\/a\*\.jpg: \w+/m);
  expect(status?.text.match(/^ {2}\/images\/\S+$/gm)).toEqual(["  /images/shoe.jpg"]);
});

test("a deploy of which every changed image is refused purges nothing, and says so", async () => {
  await store.write("images/a*.jpg", "star 1");
  await store.deploy();
  await store.write("images/a*.jpg", "star 2");
  const { status } = await store.deploy();
  expect(status?.summary).toBe("Nothing was purged: 1 image refused.");
  expect(status?.text).toContain("  /images/a*.jpg: ");
});

test("the log names what is purged before anything is spent, and says where ImageKit's answers are", async () => {
  await store.deploy();
  await store.write("images/shoe.jpg", "shoe 2");
  const { log } = await store.deploy();
  const { body } = await app.call("/api/purges", { token: tokens.read });
  const { batchId } = body.purges[0];
  expect(log).toContain("Purge Desk: purging 1 image for 1 unit:\n  /images/shoe.jpg\n");
  expect(log).toContain("ImageKit gets these purges 30 seconds after the deploy");
  expect(log).toContain(`  https://purge.test/_purge/batches/${batchId}`);
  expect(log).toContain(`npx --no-install purge-desk wait ${batchId}`);
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

test("a site that does not answer after the deploy is said, and what the deploy changed is named", async () => {
  await store.deploy();
  const { live = "" } = store.shop;
  await store.write("images/shoe.jpg", "shoe 2");
  const away = () => new Response("Oops", { status: 503 });
  store.shop.answers.push(() => new Response(live), away, away, away);
  const { log, status } = await store.deploy();
  expect(purged()).toEqual([]);
  expect(status?.summary).toBe(
    "Nothing was purged: https://shop.example/purge-desk-images.json does not answer.",
  );
  expect(log).toContain("  /images/shoe.jpg");
});

test("the log names every image that was left, however many, and the summary stays short", async () => {
  const images = Array.from({ length: 120 }, (_, index) => `images/${index}.jpg`);
  for (const image of images) await store.write(image, "1");
  await store.deploy();
  for (const image of images) await store.write(image, "2");
  const { log, status } = await store.deploy({ inputs: { maxUnits: 10 } });
  for (const image of images) expect(log).toContain(`  /${image}`);
  expect(status?.text.split("\n").length).toBeLessThanOrEqual(101);
  expect(status?.text).toContain("The deploy's log has the rest.");
});

describe("where one token may purge an image once an hour", () => {
  let strict: Desk;
  beforeAll(async () => {
    strict = await startDesk({ PURGE_REPEAT_LIMIT: "1", PURGE_MONTHLY_QUOTA: "400" });
  });
  afterAll(() => strict.close());

  test.each(["before the deploy", "between its plan and its submission"])(
    "an image that somebody purged %s is refused, with the reason, and the others are purged",
    async (when) => {
      const strictStore = await openNewStorefront(strict);
      await strictStore.deploy();
      await strictStore.write("images/shoe.jpg", "shoe 2");
      await strictStore.write("images/hat.jpg", "hat 2");
      const json = { images: ["/images/shoe.jpg"] };
      const purgeShoe = async () => {
        await strict.call("/api/purges", { method: "POST", token: tokens.purge, json });
        await strict.sendSettled();
      };
      if (when === "before the deploy") await purgeShoe();
      else strictStore.shop.beforeSubmission = purgeShoe;
      const { log, status } = await strictStore.deploy();
      expect(status?.summary).toBe("1 image sent to be purged, for 1 unit. 1 image refused.");
      expect(log).toMatch(/ {2}\/images\/shoe\.jpg: \S+/);
      expect(purgedPaths(strict)).toEqual(["/images/hat.jpg*", "/images/shoe.jpg*"]);
      await strictStore.close();
    },
  );

  test.each([1, 150])(
    "a deploy whose changed images (%i) were all purged just before is refused whole, and each is named",
    async (count) => {
      const strictStore = await openNewStorefront(strict);
      const images = Array.from({ length: count }, (_, index) => `images/${index}.jpg`);
      for (const image of images) await strictStore.write(image, "1");
      await strictStore.deploy();
      for (const image of images) await strictStore.write(image, "2");
      for (const part of [images.slice(0, 100), images.slice(100)]) {
        const json = { images: part.map((image) => `/${image}`) };
        await strict.call("/api/purges", { method: "POST", token: tokens.purge, json });
      }
      await strict.sendSettled();
      const { log, status } = await strictStore.deploy({ inputs: { maxUnits: 200 } });
      expect(status?.summary).toBe(
        `Nothing was purged: ${count === 1 ? "1 image" : `${count} images`} refused.`,
      );
      for (const image of images) expect(log).toContain(`  /${image}: Find out what repeats this purge`);
      await strictStore.close();
    },
  );

  test.each([3, 150])(
    "of %i images, one that a refused image's wildcard would have cleared is purged by itself or named as refused too",
    async (count) => {
      const strictStore = await openNewStorefront(strict);
      const images = Array.from({ length: count - 1 }, (_, index) => `images/${index + 100}.jpg`);
      images.push("images/100.jpg.webp");
      for (const image of images) await strictStore.write(image, "1");
      await strictStore.deploy();
      for (const image of images) await strictStore.write(image, "2");
      const json = { images: ["/images/100.jpg"] };
      await strict.call("/api/purges", { method: "POST", token: tokens.purge, json });
      await strict.sendSettled();
      strict.imagekit.purged.length = 0;
      const { log, status } = await strictStore.deploy({ inputs: { maxUnits: 200 } });
      const refused = [...log.matchAll(/^ {2}\/(\S+): /gm)].map(([, image]) => image);
      const sent = purgedPaths(strict).map((path) => path.slice(1, -1));
      expect([...refused, ...sent].sort()).toEqual([...images].sort());
      expect(refused).toContain("images/100.jpg");
      expect(status?.summary).toBe(
        `${sent.length} images sent to be purged, for ${sent.length} units. ${refused.length === 1 ? "1 image" : `${refused.length} images`} refused.`,
      );
      await strictStore.close();
    },
  );

  test("a build of 150 images that is killed after one batch and built again is refused nothing", async () => {
    const strictStore = await openNewStorefront(strict);
    const images = Array.from({ length: 150 }, (_, index) => `images/${index}.jpg`);
    for (const image of images) await strictStore.write(image, "1");
    await strictStore.deploy();
    for (const image of images) await strictStore.write(image, "2");
    const { live } = strictStore.shop;
    const again = { inputs: { maxUnits: 200 }, env: { DEPLOY_ID: "killed" } };
    await strictStore.deploy({ ...again, killedAfter: 1 });
    strictStore.shop.live = live;
    const { status } = await strictStore.deploy(again);
    expect(status?.summary).toBe("150 images sent to be purged, for 150 units.");
    expect(purgedPaths(strict)).toEqual(images.map((image) => `/${image}*`).sort());
    await strictStore.close();
  });
});
