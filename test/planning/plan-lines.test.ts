import { expect, test } from "vitest";
import type { LineVerdict } from "../../src/domain/verdict.ts";
import { planLines } from "../../src/planning/plan-lines.ts";
import { endpoints } from "../rules/plan-line.ts";

const demo = "https://ik.imagekit.io/demo";

function inShort(verdict: LineVerdict): string {
  if ("of" in verdict) return `duplicate ${verdict.of}`;
  if ("by" in verdict) return `covered ${verdict.by}`;
  return verdict.verdict;
}

function plan(...inputs: readonly string[]): readonly string[] {
  return planLines(inputs, endpoints).map(inShort);
}

test("the plan of no lines is empty", () => {
  expect(planLines([], endpoints)).toEqual([]);
});

test("every line gets a verdict, in order, with its number from 1 and its input unchanged", () => {
  const inputs = [` ${demo}/a.jpg`, "", `${demo}/a.jpg`, `${demo}/b.jpg?tr=w-1`];
  const verdicts = planLines(inputs, endpoints);
  expect(verdicts.map(({ line, input }: LineVerdict) => [line, input])).toEqual(
    inputs.map((input, index) => [index + 1, input]),
  );
  expect(plan(...inputs)).toEqual(["accepted", "rejected", "duplicate 1", "accepted"]);
});

test("a line with the same target is a duplicate, however it is written", () => {
  expect(
    plan(`${demo}/a.jpg`, "HTTPS://IK.IMAGEKIT.IO:443/demo/./a.jpg#x", `${demo}/a.jpg `, `${demo}/A.jpg`),
  ).toEqual(["accepted", "duplicate 1", "duplicate 1", "accepted"]);
});

test("targets that may differ for ImageKit are not duplicates", () => {
  expect(
    plan(
      `${demo}/a.jpg?v=1`,
      `${demo}/a.jpg?v=1&`,
      `${demo}/a.jpg?`,
      `${demo}/%61.jpg`,
      "http://ik.imagekit.io/demo/a.jpg",
      "https://images.shop.example/a.jpg",
    ),
  ).toEqual(Array.from({ length: 6 }, () => "accepted"));
});

test("identical wildcards are duplicates of the first, which covers the other lines for all of them", () => {
  expect(plan(`${demo}/a.jpg`, `${demo}/a.jpg*`, `${demo}/a.jpg*`, `${demo}/a.jpg?tr=w-1`)).toEqual([
    "covered 2",
    "accepted",
    "duplicate 2",
    "covered 2",
  ]);
});

test("a line that is both repeated and covered is covered, not a duplicate", () => {
  expect(plan(`${demo}/a.jpg`, `${demo}/a.jpg`, `${demo}/a.jpg*`)).toEqual([
    "covered 3",
    "covered 3",
    "accepted",
  ]);
});

test("a covered line names the widest wildcard, never one that is covered itself", () => {
  expect(
    plan(
      `${demo}/images/upload/2026/a.jpg`,
      `${demo}/images/upload/2026/*`,
      `${demo}/images/upload/*`,
      `${demo}/images/up*`,
      `${demo}/images/upload/2026/tr:w-1/a.jpg`,
    ),
  ).toEqual(["covered 4", "covered 4", "covered 4", "accepted", "accepted"]);
});

test("a wildcard with a path transformation and one without cover different lines", () => {
  expect(
    plan(
      `${demo}/images/a*`,
      `${demo}/images/a/tr:w-1/b*`,
      `${demo}/images/a/tr:w-1/b/c.jpg`,
      `${demo}/images/a/b.jpg`,
      `${demo}/images/a/u.jpg`,
    ),
  ).toEqual(["accepted", "accepted", "covered 2", "covered 1", "covered 1"]);
});

test("a rejected line neither covers nor is a duplicate", () => {
  expect(plan(`${demo}/images/*`, `${demo}/images/*`, `${demo}/images/a.jpg`)).toEqual([
    "rejected",
    "rejected",
    "accepted",
  ]);
});
