import { expect, test } from "vitest";
import { offerCovers } from "../../../src/planning/covers/offer-covers.ts";
import { planRequest } from "../../../src/planning/plan-request.ts";
import { maximumFolderCharacters } from "../../../src/rules/limits.ts";
import { endpoints } from "./any-targets.ts";

const demo = "https://ik.imagekit.io/demo";

/** The offers for these URLs, one a line. */
function offersFor(urls: readonly string[], isJoined: (url: string) => boolean = () => false) {
  const context = { endpoints, profiles: [], mayUseWildcards: false };
  const plan = planRequest({ urls, images: [], cover: [] }, context);
  return offerCovers(plan, context, isJoined);
}

const filesOf = (folder: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${demo}${folder}${index}.jpg*`);

test("a folder is offered with the lines it concerns, the units now and then, and the wildcards", () => {
  const urls = [`${demo}/about/team.jpg*`, ...filesOf("/products/autumn/", 3)];
  expect(offersFor(urls)).toEqual([
    {
      prefix: "/products/autumn/",
      lines: [2, 3, 4],
      unitsNow: 3,
      unitsThen: 1,
      wildcards: [`${demo}/products/autumn/*`],
    },
  ]);
});

test("a wider folder is offered beside a narrower one only if it saves more, the best saving first", () => {
  const urls = [
    ...filesOf("/shop/products/autumn/", 3),
    ...filesOf("/shop/products/winter/", 5),
    `${demo}/shop/a.jpg*`,
  ];
  const saved = offersFor(urls).map(({ prefix, unitsNow, unitsThen }) => [prefix, unitsNow - unitsThen]);
  expect(saved).toEqual([
    ["/shop/products/", 7],
    ["/shop/products/winter/", 4],
    ["/shop/products/autumn/", 2],
  ]);
});

test("what joins a purge costs nothing now, so that a folder with one other target is not offered", () => {
  const urls = filesOf("/products/autumn/", 4);
  expect(offersFor(urls, (url) => url !== urls[0])).toEqual([]);
  expect(offersFor(urls, (url) => url === urls[0])).toMatchObject([
    { prefix: "/products/autumn/", lines: [1, 2, 3, 4], unitsNow: 3, unitsThen: 1 },
  ]);
});

test.each([
  ["the endpoint's root", filesOf("/", 9)],
  ["a folder with one target", [`${demo}/products/autumn/a.jpg*`, `${demo}/products/winter-2026.jpg*`]],
  ["Magento's root", filesOf("/media/catalog/product/", 9)],
  ["Shopify's root", filesOf("/s/files/1/", 9)],
  ["a folder with two slashes", filesOf("/products//autumn/", 9)],
  [
    "a folder whose targets differ in their path transformations",
    [1, 2, 3].map((width) => `${demo}/tr:w-${width}/products/autumn/a.jpg*`),
  ],
])("%s is not offered", (_, urls) => {
  expect(offersFor(urls)).toEqual([]);
});

test("at most 20 folders are offered: those that save most", () => {
  const folders = Array.from({ length: 30 }, (_, index) =>
    filesOf(`/folder-number-${index}/autumn/`, index + 2),
  );
  const offers = offersFor(folders.flat());
  expect(offers.map(({ unitsNow }) => unitsNow)).toEqual(
    Array.from({ length: 20 }, (_, index) => 31 - index),
  );
});

test("a folder that is accepted is not offered again, and a wider one counts its wildcard once", () => {
  const context = { endpoints, profiles: [], mayUseWildcards: true };
  const urls = [...filesOf("/products/autumn/", 9), ...filesOf("/products/alpine/", 2)];
  const plan = planRequest({ urls, images: [], cover: ["/products/autumn/"] }, context);
  expect(plan.targets.map(({ cover }) => cover)).toEqual(["/products/autumn/", undefined, undefined]);
  expect(offerCovers(plan, context, () => false)).toMatchObject([
    { prefix: "/products/", unitsNow: 3, unitsThen: 1, wildcards: [`${demo}/products/a*`] },
    { prefix: "/products/alpine/", unitsNow: 2, unitsThen: 1 },
  ]);
});

test("no folder is offered that is too long to be accepted", () => {
  const long = `/products/${"long-".repeat(200)}/`;
  const offers = offersFor(filesOf(long, 3));
  expect(long.length).toBeGreaterThan(maximumFolderCharacters);
  expect(offers.map(({ prefix }) => prefix)).toEqual(["/products/"]);
});
