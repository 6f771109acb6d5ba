import { expect, test } from "vitest";
import { simulatedCdn } from "../../../src/local/imagekit/simulated-cdn.ts";

const demo = "https://ik.imagekit.io/demo";

function cdnOf() {
  const originals = new Map<string, number>();
  const time = { now: 1_000 };
  const cdn = simulatedCdn({
    endpoint: demo,
    versionOf: (original) => originals.get(original) ?? 0,
    now: () => time.now,
  });
  return {
    ...cdn,
    time,
    change: (original: string) => originals.set(original, (originals.get(original) ?? 0) + 1),
    /** What is cleared of these URLs, after each was requested. */
    clearedOf: (urls: readonly string[], target: string) => {
      for (const url of urls) cdn.get(url);
      return cdn.purge(target).map(({ url }) => url);
    },
  };
}

test("a copy is served as it was made until it is purged", () => {
  const { get, purge, change, time } = cdnOf();
  const url = `${demo}/tr:w-300/shoes/red.jpg?v=1`;
  expect(get(url).cache).toBe("miss");
  change("/shoes/red.jpg");
  time.now = 5_000;
  expect(get(url)).toEqual({
    cache: "hit",
    copy: { url, original: "/shoes/red.jpg", version: 0, madeAt: 1_000 },
  });
  purge(url);
  expect(get(url)).toEqual({
    cache: "miss",
    copy: { url, original: "/shoes/red.jpg", version: 1, madeAt: 5_000 },
  });
});

const copies = [
  `${demo}/shoes/red.jpg`,
  `${demo}/shoes/red.jpg?tr=w-300`,
  `${demo}/shoes/red.jpg?v=a/b`,
  `${demo}/shoes/redder.jpg`,
  `${demo}/shoes/new/red.jpg`,
  `${demo}/tr:w-300/shoes/red.jpg`,
];

test.each([
  ["an exact URL clears itself only", `${demo}/shoes/red.jpg`, [0]],
  ["an exact URL with a query clears itself only", `${demo}/shoes/red.jpg?tr=w-300`, [1]],
  ["a file's wildcard clears its versions and query transformations", `${demo}/shoes/red.jpg*`, [0, 1, 2]],
  ["a wildcard clears whatever begins with it", `${demo}/shoes/red*`, [0, 1, 2, 3]],
  ["a folder's wildcard clears all that is below it", `${demo}/shoes/*`, [0, 1, 2, 3, 4]],
  ["a wildcard in a query clears what goes on with it", `${demo}/shoes/red.jpg?v=a/*`, [2]],
  ["a path transformation is a URL of its own", `${demo}/tr:w-300/shoes/red.jpg*`, [5]],
  ["a folder is no wildcard", `${demo}/shoes/`, []],
])("%s", (_, target, cleared) => {
  expect(cdnOf().clearedOf(copies, target).sort()).toEqual(
    cleared.map((index) => copies[index] ?? "").sort(),
  );
});
