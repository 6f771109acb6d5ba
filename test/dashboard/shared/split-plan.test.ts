import fc from "fast-check";
import { expect, test } from "vitest";
import { splitPlan } from "../../../src/dashboard/shared/split-plan.ts";
import { planRequest } from "../../../src/planning/plan-request.ts";
import { maximumLines, maximumPurges } from "../../../src/rules/limits.ts";

const endpoint = "https://ik.imagekit.io/demo";
const profile = {
  name: "shop",
  paths: ["/products/"],
  endpoints: [endpoint],
  transformations: ["tr:w-{100,200,300,400,500,600}"],
};
const context = {
  endpoints: [{ host: "ik.imagekit.io", path: "/demo" }],
  profiles: [profile],
  mayUseWildcards: true,
};
const image = (folder: string, n: number) => `/products/${folder}/shoe-${n}.jpg`;
const range = (count: number) => Array.from({ length: count }, (_, n) => n);

test("the URLs of an image stay together in one batch, and no batch has more than its 100 purges", () => {
  const images = range(40).map((n) => image("autumn", n));
  const parts = splitPlan(planRequest({ urls: [], images, cover: [] }, context), context);
  // 14 images of 7 URLs are 98 purges.
  expect(parts.map((part) => part.images.length)).toEqual([14, 14, 12]);
  expect(parts.flatMap((part) => part.images)).toEqual(images);
});

test("a cover's wildcards are submitted once, in the first batch, without the lines that they clear", () => {
  const images = [...range(60).map((n) => image("autumn", n)), ...range(30).map((n) => image("winter", n))];
  const plan = planRequest({ urls: [], images, cover: ["/products/autumn/"] }, context);
  const parts = splitPlan(plan, context);
  const wildcards = plan.targets.filter(({ cover }) => cover !== undefined).map(({ url }) => url);
  expect(wildcards).toHaveLength(7);
  expect(parts[0]?.urls).toEqual(wildcards);
  expect(parts.slice(1).flatMap(({ urls }) => urls)).toEqual([]);
  expect(parts.flatMap((part) => part.images)).toEqual(range(30).map((n) => image("winter", n)));
});

test("lines that repeat across batches are left out", () => {
  const urls = range(150).map((n) => `${endpoint}/x/${n % 120}.jpg`);
  const parts = splitPlan(planRequest({ urls, images: [], cover: [] }, context), context);
  expect(parts.map((part) => part.urls.length)).toEqual([100, 20]);
});

const lines = fc.array(
  fc.tuple(fc.constantFrom("autumn", "winter", "spring"), fc.integer({ min: 0, max: 60 })),
  { minLength: 1, maxLength: 120 },
);

test("submitted as they are split, the batches purge each planned target exactly once", () => {
  const covers = fc.subarray(["/products/autumn/", "/products/winter/"]);
  fc.assert(
    fc.property(lines, lines, covers, (imageLines, urlLines, cover) => {
      const images = imageLines.map(([folder, n]) => image(folder, n));
      const urls = urlLines.map(([folder, n]) => `${endpoint}/tr:w-${(n % 9) * 100}${image(folder, n)}`);
      const plan = planRequest({ urls, images, cover }, context);
      const parts = splitPlan(plan, context);
      const sent = parts.flatMap((part) => {
        const { targets } = planRequest({ ...part, cover: [] }, context);
        expect(targets.length).toBeLessThanOrEqual(maximumPurges);
        expect(part.urls.length + part.images.length).toBeLessThanOrEqual(maximumLines);
        return targets.map(({ url }) => url);
      });
      expect([...sent].sort()).toEqual(plan.targets.map(({ url }) => url).sort());
    }),
    { numRuns: 60 },
  );
});

test("without the scope for wildcards an image whose URLs others clear in part is submitted whole", () => {
  const path = image("autumn", 1);
  const given = `${endpoint}/tr:w-100${path}`;
  const restricted = { ...context, mayUseWildcards: false };
  const plan = planRequest({ urls: [given], images: [path], cover: [] }, restricted);
  const parts = splitPlan(plan, restricted);
  expect(parts.flatMap(({ images }) => images)).toEqual([path]);
});

test("without the scope for wildcards, images that are named again by other URLs are submitted once, in batches that fit", () => {
  const transformations = [`tr:w-{${range(49).join()}}`];
  const restricted = { ...context, profiles: [{ ...profile, transformations }], mayUseWildcards: false };
  const paths = [image("autumn", 1), image("autumn", 2)];
  const others = range(120).map((n) => `${endpoint}/tr:h-${n}${paths[n % 2]}`);
  const plan = planRequest({ urls: [], images: [...paths, ...others], cover: [] }, restricted);
  const sent = splitPlan(plan, restricted).map(
    (part) => planRequest({ ...part, cover: [] }, restricted).targets.length,
  );
  expect(sent).toEqual([100, 100, 20]);
});

test("a batch of folders' wildcards is for the lines that they clear", () => {
  const images = range(6).map((n) => image(["autumn", "winter", "spring"][n % 3] ?? "", n));
  const cover = ["/products/autumn/", "/products/winter/", "/products/spring/"];
  const many = { ...context, profiles: [{ ...profile, transformations: [`tr:w-{${range(49).join()}}`] }] };
  const parts = splitPlan(planRequest({ urls: [], images, cover }, many), many);
  expect(parts.map(({ urls }) => urls.length)).toEqual([100, 50]);
  expect(parts.map(({ lines }) => [...new Set(lines)].sort())).toEqual([
    [1, 2, 4, 5],
    [3, 6],
  ]);
});
