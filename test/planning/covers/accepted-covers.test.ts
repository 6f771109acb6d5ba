import { expect, test } from "vitest";
import { planRequest } from "../../../src/planning/plan-request.ts";
import { endpoints } from "./any-targets.ts";

const demo = "https://ik.imagekit.io/demo";
const shop = {
  name: "shop",
  paths: ["/products/"],
  endpoints: [demo],
  transformations: ["tr:w-400"],
};
const context = { endpoints, profiles: [shop], mayUseWildcards: true };

test("images and URLs within a cover share a wildcard for each stack of path transformations", () => {
  const plan = planRequest(
    {
      urls: [`${demo}/products/autumn/c.jpg?v=1`, `${demo}/about/team.jpg`],
      images: ["/products/autumn/a.jpg", "/products/autumn/b.jpg"],
      cover: ["/products/autumn/"],
    },
    context,
  );
  const cover = "/products/autumn/";
  expect(plan.targets).toEqual([
    { url: `${demo}/products/autumn/*`, kind: "wildcard", lines: [1, 3, 4], cover },
    { url: `${demo}/about/team.jpg`, kind: "exact", lines: [2] },
    { url: `${demo}/tr:w-400/products/autumn/*`, kind: "wildcard", lines: [3, 4], cover },
  ]);
  expect(plan.lines).toMatchObject([
    { line: 1, verdict: "covered", cover },
    { line: 2, verdict: "accepted" },
    {
      verdict: "image",
      targets: [
        { verdict: "covered", cover },
        { verdict: "covered", cover },
      ],
    },
    {
      verdict: "image",
      targets: [
        { verdict: "covered", cover },
        { verdict: "covered", cover },
      ],
    },
  ]);
});

test("what a line's own wildcard clears is covered with that wildcard, if a folder clears it", () => {
  const urls = [
    `${demo}/products/autumn/a*`,
    `${demo}/products/autumn/ab.jpg`,
    `${demo}/products/autumn/b.jpg`,
  ];
  const { lines, targets } = planRequest({ urls, images: [], cover: ["/products/autumn/"] }, context);
  expect(targets.map(({ url, lines: served }) => [url, served])).toEqual([
    [`${demo}/products/autumn/*`, [1, 2, 3]],
  ]);
  expect(lines.map((line) => "cover" in line && line.cover)).toEqual(Array(3).fill("/products/autumn/"));
});

test.each([
  ["is unknown", ["/nowhere/"]],
  ["has one target", ["/products/winter/"]],
  ["is the endpoint's root", ["/"]],
])("a plan is the same with a cover that %s", (_, cover) => {
  const urls = [
    `${demo}/products/autumn/a.jpg`,
    `${demo}/products/autumn/b.jpg`,
    `${demo}/products/winter/c.jpg`,
  ];
  expect(planRequest({ urls, images: [], cover }, context)).toEqual(
    planRequest({ urls, images: [], cover: [] }, context),
  );
});
