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

describe("a wildcard covers", () => {
  test.each([
    ["the file itself", `${demo}/shoe.jpg*`, `${demo}/shoe.jpg`],
    ["its query transformations", `${demo}/shoe.jpg*`, `${demo}/shoe.jpg?tr=w-300`],
    ["its versions", `${demo}/shoe.jpg*`, `${demo}/shoe.jpg?ik-obj-version=abc`],
    ["what is in a folder", `${demo}/images/upload/*`, `${demo}/images/upload/a/b.jpg?tr=w-1`],
    ["what begins alike", `${demo}/images/upload*`, `${demo}/images/uploads/a.jpg`],
    ["a narrower wildcard", `${demo}/images/upload*`, `${demo}/images/upload/2026/*`],
    ["a wildcard after its query", `${demo}/shoe.jpg*`, `${demo}/shoe.jpg?tr=w*`],
    ["what begins with its transformation", `${demo}/tr:w-300/images/*`, `${demo}/tr:w-300/images/a.jpg`],
    ["what its cut transformation begins", `${demo}/images/tr:w-3*`, `${demo}/images/tr:w-300/a.jpg`],
    ["what lies under another endpoint", `${demo}/pat/tern*`, `${demo}/pat/tern/a.jpg`],
  ])("%s: %s covers %s", (_, wildcard, other) => {
    expect(covers(target(wildcard), target(other))).toBe(true);
    expect(planLines([other, wildcard], endpoints)[0]).toMatchObject({ verdict: "covered", by: 2 });
    expect(planLines([wildcard, other], endpoints)[1]).toMatchObject({ verdict: "covered", by: 1 });
  });
});

describe("a wildcard does not cover", () => {
  test.each([
    ["a path transformation of its file", `${demo}/shoe.jpg*`, `${demo}/tr:w-300/shoe.jpg`],
    ["a path transformation in its folder", `${demo}/images/upload*`, `${demo}/images/upload/tr:w-1/x.jpg`],
    ["one inside the segment where it ends", `${demo}/foo/bar*`, `${demo}/foo/bar/tr:w-1/x.jpg`],
    ["one whose first letter it ends with", `${demo}/images/t*`, `${demo}/images/tr:w-1/x.jpg`],
    ["one with an encoded colon", `${demo}/images/upload/*`, `${demo}/images/upload/tr%3Aw-1/x.jpg`],
    ["a further path transformation", `${demo}/tr:w-1/images/*`, `${demo}/tr:w-1/images/tr:h-1/x.jpg`],
    ["a wildcard over path transformations", `${demo}/images/upload*`, `${demo}/images/upload/tr:w*`],
    ["the untransformed file", `${demo}/tr:w-300/images/*`, `${demo}/images/a.jpg`],
    ["the other scheme", `${demo}/shoe.jpg*`, "http://ik.imagekit.io/demo/shoe.jpg"],
    ["another host", "https://images.shop.example/shoe.jpg*", `${demo}/shoe.jpg`],
    ["another case", `${demo}/shoe.jpg*`, `${demo}/Shoe.jpg`],
    ["what is shorter", `${demo}/images/upload/*`, `${demo}/images/upload`],
    ["a wider wildcard", `${demo}/images/upload/2026/*`, `${demo}/images/upload*`],
    ["another spelling", `${demo}/images/a%20b*`, `${demo}/images/a+b.jpg`],
  ])("%s: %s does not cover %s", (_, wildcard, other) => {
    expect(covers(target(wildcard), target(other))).toBe(false);
    const [, verdict] = planLines([wildcard, other], endpoints);
    expect(verdict?.verdict).toBe("accepted");
  });

  test("anything, when it is an exact URL", () => {
    expect(covers(target(`${demo}/shoe.jpg`), target(`${demo}/shoe.jpg?tr=w-1`))).toBe(false);
  });
});
