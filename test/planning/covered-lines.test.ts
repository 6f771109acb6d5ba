import { describe, expect, test } from "vitest";
import { covers } from "../../src/planning/covered-lines.ts";
import { planLines } from "../../src/planning/plan-lines.ts";
import { readLine, type Target } from "../../src/rules/target.ts";
import { endpoints } from "../rules/plan-line.ts";

const demo = "https://ik.imagekit.io/demo";

function target(url: string): Target {
  const reading = readLine(url, endpoints);
  if ("violations" in reading) throw new Error(`not accepted: ${url}`);
  return reading.target;
}

describe("covered", () => {
  test.each([
    ["the file itself", `${demo}/shoe.jpg*`, `${demo}/shoe.jpg`],
    ["its query transformations", `${demo}/shoe.jpg*`, `${demo}/shoe.jpg?tr=w-300`],
    ["its versions", `${demo}/shoe.jpg*`, `${demo}/shoe.jpg?ik-obj-version=abc`],
    ["everything in a folder", `${demo}/images/upload/*`, `${demo}/images/upload/a/b.jpg?tr=w-1`],
    ["everything that begins with it", `${demo}/images/upload*`, `${demo}/images/uploads/a.jpg`],
    ["a narrower wildcard", `${demo}/images/upload*`, `${demo}/images/upload/2026/*`],
    ["a wildcard after its query", `${demo}/shoe.jpg*`, `${demo}/shoe.jpg?tr=w*`],
    [
      "everything under its own path transformation",
      `${demo}/tr:w-300/images/2026/*`,
      `${demo}/tr:w-300/images/2026/a.jpg`,
    ],
    [
      "everything under its own path transformation, wherever that is",
      `${demo}/images/tr:w-300/2026/*`,
      `${demo}/images/tr:w-300/2026/a.jpg`,
    ],
    ["a URL under another endpoint", `${demo}/pat/tern*`, `${demo}/pat/tern/a.jpg`],
  ])("a wildcard covers %s: %s covers %s", (_, wildcard, other) => {
    expect(covers(target(wildcard), target(other))).toBe(true);
    expect(planLines([other, wildcard], endpoints)[0]).toMatchObject({ verdict: "covered", by: 2 });
    expect(planLines([wildcard, other], endpoints)[1]).toMatchObject({ verdict: "covered", by: 1 });
  });
});

describe("not covered", () => {
  test.each([
    ["a path transformation of its file", `${demo}/shoe.jpg*`, `${demo}/tr:w-300/shoe.jpg`],
    ["a path transformation in its folder", `${demo}/images/upload*`, `${demo}/images/upload/tr:w-1/x.jpg`],
    [
      "a path transformation below the segment in which it ends",
      `${demo}/foo/bar*`,
      `${demo}/foo/bar/tr:w-1/x.jpg`,
    ],
    [
      "a path transformation whose first letter it ends with",
      `${demo}/images/t*`,
      `${demo}/images/tr:w-1/x.jpg`,
    ],
    [
      "a path transformation with an encoded colon",
      `${demo}/images/upload/*`,
      `${demo}/images/upload/tr%3Aw-1/x.jpg`,
    ],
    [
      "a further path transformation",
      `${demo}/tr:w-1/images/2026/*`,
      `${demo}/tr:w-1/images/2026/tr:h-1/x.jpg`,
    ],
    [
      "a path transformation that begins with its unfinished one",
      `${demo}/images/2026/tr:w-3*`,
      `${demo}/images/2026/tr:w-300/a.jpg`,
    ],
    ["a path transformation behind its file", `${demo}/images/a.jpg*`, `${demo}/images/a.jpg/tr:w-300`],
    ["a picture of its video", `${demo}/clip.mp4*`, `${demo}/clip.mp4/ik-thumbnail.jpg?tr=so-1`],
    ["a wildcard over path transformations", `${demo}/images/upload*`, `${demo}/images/upload/tr:w*`],
    ["the untransformed file", `${demo}/tr:w-300/images/*`, `${demo}/images/a.jpg`],
    ["the other scheme", `${demo}/shoe.jpg*`, "http://ik.imagekit.io/demo/shoe.jpg"],
    ["another host", "https://images.shop.example/shoe.jpg*", `${demo}/shoe.jpg`],
    ["another case", `${demo}/shoe.jpg*`, `${demo}/Shoe.jpg`],
    ["a shorter URL", `${demo}/images/upload/*`, `${demo}/images/upload`],
    ["a wider wildcard", `${demo}/images/upload/2026/*`, `${demo}/images/upload*`],
    ["another spelling", `${demo}/images/a%20b*`, `${demo}/images/a+b.jpg`],
  ])("a wildcard does not cover %s: %s does not cover %s", (_, wildcard, other) => {
    expect(covers(target(wildcard), target(other))).toBe(false);
    const [, verdict] = planLines([wildcard, other], endpoints);
    expect(verdict?.verdict).toBe("accepted");
  });

  test.each([
    ["below Magento's root", `${demo}/media/catalog/product/*`, `${demo}/media/catalog/product/a/shoe.jpg`],
    ["below Shopify's root", `${demo}/s/files/1/0123/*`, `${demo}/s/files/1/0123/a.jpg`],
    ["that may be too broad", `${demo}/fourteen-chara*`, `${demo}/fourteen-characters/a.jpg`],
    [
      "that needs its transformation as a level",
      `${demo}/tr:w-300/images/*`,
      `${demo}/tr:w-300/images/a.jpg`,
    ],
    ["behind a query", `${demo}/shoe.jpg?tr=w-3*`, `${demo}/shoe.jpg?tr=w-300`],
    ["with a stray percent sign", `${demo}/images/100%*`, `${demo}/images/100%.jpg`],
    ["with an encoded asterisk", `${demo}/images/%2A*`, `${demo}/images/%2A/a.jpg`],
    ["with two slashes", `${demo}/images//a*`, `${demo}/images//a.jpg`],
    ["with a placeholder", `${demo}/images/{{a}}/*`, `${demo}/images/{{a}}/b.jpg`],
  ])(
    "a wildcard %s covers nothing, because ImageKit may refuse it or reach less: both are sent",
    (_, wildcard, other) => {
      expect(covers(target(wildcard), target(other))).toBe(false);
      const verdicts = planLines([wildcard, other], endpoints, { onMistake: "send" });
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(["accepted", "accepted"]);
    },
  );

  test("a line is covered by a certain wildcard even if a doubtful one is wider", () => {
    const lines = [`${demo}/s/files/*`, `${demo}/s/f*`, `${demo}/images/up*`, `${demo}/images/upload/*`];
    const [, doubtful, wide, narrow] = planLines(lines, endpoints);
    expect([doubtful?.verdict, wide?.verdict, narrow]).toMatchObject(["accepted", "accepted", { by: 3 }]);
  });

  test("an exact URL covers nothing", () => {
    expect(covers(target(`${demo}/shoe.jpg`), target(`${demo}/shoe.jpg?tr=w-1`))).toBe(false);
  });
});
