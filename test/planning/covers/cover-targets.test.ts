import { expect, test } from "vitest";
import { coverTargets } from "../../../src/planning/covers/cover-targets.ts";
import { endpoints } from "./any-targets.ts";

const demo = "https://ik.imagekit.io/demo";

/** The wildcards that clear these targets if these folders may be cleared whole, each with its folder. */
function wildcardsFor(urls: readonly string[], folders: readonly string[]) {
  const covers = coverTargets(
    urls.map((url) => ({ url })),
    folders,
    endpoints,
  );
  return new Map([...covers.values()].map(({ url, cover }) => [url, cover]));
}

const of = (root: string, ...names: readonly string[]) => names.map((name) => `${root}${name}`);

test("files of a cover share a wildcard that ends where their names part", () => {
  const targets = of(`${demo}/products/autumn/`, "shoe-red.jpg*", "shoe-blue.jpg*", "shoe-red.jpg?v=1");
  expect(wildcardsFor(targets, ["/products/autumn/"])).toEqual(
    new Map([[`${demo}/products/autumn/shoe-*`, "/products/autumn/"]]),
  );
});

test("a folder of less than 15 characters on one level is cleared by wildcards below it", () => {
  const targets = of(`${demo}/products/`, "a1.jpg*", "a2.jpg*", "b1.jpg*", "b2.jpg*", "c.jpg*");
  expect([...wildcardsFor(targets, ["/products/"]).keys()].sort()).toEqual([
    `${demo}/products/a*`,
    `${demo}/products/b*`,
  ]);
});

test("each endpoint and each stack of path transformations has its own wildcard", () => {
  const names = ["/autumn/a.jpg*", "/autumn/b.jpg*"];
  const roots = [
    demo,
    `${demo}/tr:w-1`,
    `${demo}/tr:w-10`,
    `${demo}/tr:w-1/tr:h-2`,
    "https://images.shop.example",
    "http://images.shop.example",
  ];
  const wildcards = wildcardsFor(
    roots.flatMap((root) => of(`${root}/products`, ...names)),
    ["/products/"],
  );
  expect([...wildcards.keys()].sort()).toEqual(roots.map((root) => `${root}/products/autumn/*`).sort());
});

test.each([
  ["in the middle of an escape", ["gr%C3%B6n.jpg", "gr%C3%BCn.jpg"], "gr*"],
  ["in the middle of a character", ["%E2%82%AC.jpg", "%E2%98%83.jpg"], "*"],
  ["in a query", ["a.jpg?v=1", "a.jpg?v=2"], "a.jpg*"],
  ["as a hidden folder", [".a.jpg", ".b.jpg"], "*"],
])("a wildcard never ends %s", (_, names, ending) => {
  const targets = of(`${demo}/products/autumn/`, ...names);
  expect([...wildcardsFor(targets, ["/products/autumn/"]).keys()]).toEqual([
    `${demo}/products/autumn/${ending}`,
  ]);
});

test.each([
  ["no folder is accepted", "/products/autumn/", []],
  ["another folder is accepted", "/products/autumn/", ["/products/winter/", "/autumn/"]],
  ["the cover is the endpoint's root", "/products/autumn/", ["/"]],
  ["what is accepted is no folder", "/products/autumn/", ["/products", "products/", "/products/autumn"]],
  ["only part of a folder's name is accepted", "/products/autumn/", ["/products/au/"]],
  ["it is Magento's root", "/media/catalog/product/", ["/media/", "/media/catalog/"]],
  ["it is Shopify's root", "/s/files/1/", ["/s/", "/s/files/1/"]],
  ["an encoded asterisk is in the path", "/products/%2A/", ["/products/%2A/"]],
  ["two slashes are in the path", "/products//autumn/", ["/products//autumn/", "/products//"]],
])("targets are left as they are where %s", (_, folder, folders) => {
  expect(wildcardsFor(of(demo + folder, "a.jpg*", "b.jpg*"), folders)).toEqual(new Map());
});

test("no wildcard of one endpoint reaches into another", () => {
  const targets = of(`${demo}/a/`, "pattern2.jpg*", "pattern3.jpg*", "b/1.jpg*", "b/2.jpg*");
  expect([...wildcardsFor(targets, ["/a/"]).keys()]).toEqual([`${demo}/a/b/*`]);
});

test("a folder is looked for behind the endpoint that a target is under, not behind a wider one", () => {
  const targets = of(`${demo}/a/pattern/products/autumn/`, "1.jpg*", "2.jpg*");
  expect(wildcardsFor(targets, ["/a/pattern/products/"])).toEqual(new Map());
  expect([...wildcardsFor(targets, ["/products/"]).keys()]).toEqual([`${demo}/a/pattern/products/autumn/*`]);
});

test("a target alone in its folder stays what it is", () => {
  expect(wildcardsFor(of(demo, "/products/autumn/a.jpg*"), ["/products/autumn/"])).toEqual(new Map());
});

test("a wildcard names the narrowest cover that it lies in", () => {
  const targets = of(`${demo}/products/autumn/`, "a.jpg*", "b.jpg*");
  const folders = ["/products/", "/products/autumn/", "/products/autumn/a/"];
  expect(wildcardsFor(targets, folders)).toEqual(
    new Map([[`${demo}/products/autumn/*`, "/products/autumn/"]]),
  );
});

test("a path transformation behind the folder is shared by a wildcard that includes it", () => {
  const targets = of(`${demo}/products/tr:w-1/`, "autumn/a.jpg", "autumn/b.jpg");
  expect([...wildcardsFor(targets, ["/products/"]).keys()]).toEqual([`${demo}/products/tr:w-1/autumn/*`]);
});

test("a folder may be written as a person writes it", () => {
  const targets = of(`${demo}/products/gr%C3%B6n/`, "a.jpg*", "b.jpg*");
  expect(wildcardsFor(targets, ["/products/grön/"])).toEqual(
    new Map([[`${demo}/products/gr%C3%B6n/*`, "/products/grön/"]]),
  );
});

test("texts that part inside a character still share what they have in common further on", () => {
  const targets = of(`${demo}/s/`, "%E2%82%AC", "%E2%82%AC?v=1", "%E2%98%83");
  expect([...wildcardsFor(targets, ["/s/"]).keys()]).toEqual([`${demo}/s/%E2%82%AC*`]);
});
