import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { tokens } from "../support/app.ts";
import { type Desk, openNewStorefront, openStorefront, purgedPaths, startDesk } from "./storefront.ts";

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

test("a folder that is watched is spelled as in a URL, too", async () => {
  const inputs = { folder: "/größe 100%20/" };
  await store.write("größe 100%20/shoe.jpg", "shoe 1");
  await store.deploy({ inputs });
  await store.write("größe 100%20/shoe.jpg", "shoe 2");
  await store.deploy({ inputs });
  expect(purged()).toEqual(["/gr%C3%B6%C3%9Fe%20100%2520/shoe.jpg*"]);
});

test("the log says how many images are watched, and asks about the inputs if there is none", async () => {
  const right = await store.deploy({ inputs: { folder: "/images/" } });
  expect(right.log).toContain("Purge Desk: this deploy has 3 images below /images/.");
  expect(right.log).not.toContain("Are the inputs");
  const wrong = await store.deploy({ inputs: { folder: "/image/" } });
  expect(wrong.log).toContain(
    "Purge Desk: this deploy has 0 images below /image/. Are the inputs folder and extensions right?",
  );
});

test("images that differ in case, or in how an umlaut is composed, are images of their own", async () => {
  const names = ["images/größe.jpg", "images/gro\u0308ße.jpg", "images/Shoe.jpg"];
  for (const name of names) await store.write(name, "1");
  await store.deploy();
  for (const name of names) await store.write(name, "2");
  const { status } = await store.deploy();
  expect(status?.summary).toBe("3 images sent to be purged, for 3 units.");
  expect(purged()).toEqual([
    "/images/Shoe.jpg*",
    "/images/gr%C3%B6%C3%9Fe.jpg*",
    "/images/gro%CC%88%C3%9Fe.jpg*",
  ]);
});

test("images that the inputs no longer select are not taken for deleted ones", async () => {
  await store.write("banners/sale.webp", "sale 1");
  await store.deploy();
  await store.deploy({ inputs: { folder: "/images/" } });
  await store.deploy({ inputs: { extensions: ["png"] } });
  expect(purged()).toEqual([]);
});
