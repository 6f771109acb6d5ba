import { expect, test } from "vitest";
import { learnProfiles } from "../../src/planning/learn-profiles.ts";

const endpoints = [
  { host: "ik.imagekit.io", path: "/demo" },
  { host: "images.shop.example", path: "" },
];
/** A quarter of what may be learned from at once. */
const length = 128 * 1024;
/** Each takes at most a tenth of it; where the time grew with the square, it took many times as long. */
const budgetMs = 2_000;

const repeated: readonly string[] = [
  "https://",
  "https%3A%2F%2F",
  "https%253A%252F%252F",
  "https%3A%2F%2Fik.imagekit.io%2F",
  "https%3A%2F%2Fik.imagekit.io%2Fdemo%20x",
  "https%3A%2F%2Fik.imagekit.io%2Fdemo%2F",
  "https%3A%2F%2Fik.imagekit.io%2Fdemo%2Fa.jpg ",
  "/_next/image?url=",
  "https://ik.imagekit.io/demo/",
  "https://ik.imagekit.io/demo/a.jpg ",
  "https://ik.imagekit.io/demo/a.jpg 400w, ",
  "images.shop.example/a ",
  "GET /demo/a.jpg ",
  "GET /",
  "GET\ta\t/tr:w-1/",
  "%2525",
  "&amp;",
  "\\/",
  "tr:",
];

const numbered: Readonly<Record<string, (index: number) => string>> = {
  "path transformations": (index) => `https://ik.imagekit.io/demo/tr:w-${index}/a.jpg\n`,
  "folders, each with its own path transformation": (index) =>
    `https://ik.imagekit.io/demo/tr:w-${index % 900}/f${index}/a.jpg\n`,
  "folders within a folder": (index) =>
    `https://ik.imagekit.io/demo/tr:w-${index % 900}/a/b/f${index}/c/a.jpg\n`,
  "long paths": (index) => `https://ik.imagekit.io/demo/${"a/".repeat(200)}${index}.jpg\n`,
  "stray texts": (index) => `https://ik.imagekit.io/demo//tr:w-${index}//a.jpg,,\n`,
};

function learningMs(text: string): number {
  const before = process.cpuUsage();
  learnProfiles(text, endpoints);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test.each(repeated)(
  "learning takes time in proportion to the text, whatever is repeated in it: %j",
  (fragment) => {
    expect(learningMs(fragment.repeat(length / fragment.length))).toBeLessThan(budgetMs);
  },
);

test.each(Object.entries(numbered))(
  "learning takes time in proportion to the text, with as many %s as fit",
  (_, line) => {
    let text = "";
    for (let index = 0; text.length < length; index += 1) text += line(index);
    expect(learningMs(text.slice(0, length))).toBeLessThan(budgetMs);
  },
);
