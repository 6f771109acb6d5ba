import { expect, test } from "vitest";
import { nameTargets } from "../../src/planning/name-targets.ts";
import { demo, planImages, shop } from "./planned.ts";

const profiles = [{ ...shop, paths: ["/"], transformations: ["tr:w-400"] }];

function named(images: readonly string[], urls: readonly string[] = []) {
  let count = 0;
  return nameTargets(planImages(images, { profiles, urls }), () => {
    count += 1;
    return `p_${count}`;
  });
}

test("each target gets one purge, with every line that it serves", () => {
  expect(named(["/a.jpg", "/a.jpg"], [`${demo}/a.jpg?v=1`, `${demo}/b.jpg`, `${demo}/b.jpg`]).purges).toEqual(
    [
      { id: "p_1", url: `${demo}/b.jpg`, maskedUrl: `${demo}/b.jpg`, kind: "exact", lines: [2, 3] },
      { id: "p_2", url: `${demo}/a.jpg*`, maskedUrl: `${demo}/a.jpg*`, kind: "wildcard", lines: [1, 4, 5] },
      {
        id: "p_3",
        url: `${demo}/tr:w-400/a.jpg*`,
        maskedUrl: `${demo}/tr:w-400/a.jpg*`,
        kind: "wildcard",
        lines: [4, 5],
      },
    ],
  );
});

test("each line gets the purges that clear it; a repeated image names the earlier line", () => {
  const { lines } = named(["/a.jpg", "/a.jpg", "/"], [`${demo}/a.jpg?v=1`, `${demo}/b.jpg`, `${demo}/b.jpg`]);
  expect(lines).toEqual([
    { line: 1, verdict: "covered", by: 4, purgeId: "p_2", input: `${demo}/a.jpg?v=1` },
    { line: 2, verdict: "accepted", purgeId: "p_1", warnings: expect.anything() },
    { line: 3, verdict: "duplicate", of: 2, purgeId: "p_1" },
    { line: 4, verdict: "image", image: "/a.jpg", profile: "shop", purgeIds: ["p_2", "p_3"], warnings: [] },
    {
      line: 5,
      verdict: "image",
      image: "/a.jpg",
      profile: "shop",
      purgeIds: ["p_2", "p_3"],
      warnings: [],
      of: 4,
    },
    { line: 6, verdict: "rejected", input: "/", violations: expect.anything() },
  ]);
});

test("an image whose targets other lines make has their purges", () => {
  const { lines, purges } = named(["/a.jpg"], [`${demo}/a.jpg*`, `${demo}/tr:w-400/a.jpg*`]);
  expect(purges).toHaveLength(2);
  expect(lines[2]).toMatchObject({ verdict: "image", purgeIds: ["p_1", "p_2"] });
});

test("what is kept has no signature; what is sent has it", () => {
  const signed = `${demo}/tr:w-7/a.jpg?ik-t=1700000000&ik-s=0a1b2c3d4e`;
  const { lines, purges } = named(
    [signed, `${signed}*`, `/a;ik-s=0a1b2c3d4e`, `/a;ik-s=0a1b2c3d4e`],
    [signed, `x ${signed}`],
  );
  expect(purges.map(({ url }) => url)).toContain(signed);
  expect(JSON.stringify([lines, purges.map(({ maskedUrl }) => maskedUrl)])).not.toContain("0a1b2c3d4e");
});
