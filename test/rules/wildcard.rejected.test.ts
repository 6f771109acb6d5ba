import { describe, expect, test } from "vitest";
import { rejectedLine, suggestionsOf, violationsOf } from "./plan-line.ts";

const demo = "https://ik.imagekit.io/demo";

describe("too broad", () => {
  test.each<[path: string, seen: string]>([
    ["/images*", "1 level, 6 characters"],
    ["/images/*", "1 level, 7 characters"],
    ["/foldername/*", "1 level, 11 characters"],
    ["//images//*", "1 level, 9 characters"],
    ["/thirteen-char*", "1 level, 13 characters"],
    ["/%C3%A9*", "1 level, 1 character"],
    ["/a*", "1 level, 1 character"],
    ["/*", "0 levels, 0 characters"],
    ["/.jpg*", "1 level, 4 characters"],
    ["/sample.*", "1 level, 7 characters"],
    ["/sample.jpg/*", "1 level, 11 characters"],
    ["/tr:w-300*", "1 level, 8 characters"],
    ["/tr:w-300.5*", "1 level, 10 characters"],
    ["/a?b*", "1 level, 1 character"],
  ])("a wildcard without two levels, 15 characters or a file is too broad: %s has %s", (path, seen) => {
    expect(violationsOf(demo + path)).toEqual(["wildcard-too-broad"]);
    expect(rejectedLine(demo + path).violations[0]?.why).toContain(seen);
  });

  test.each([
    "https://images.shop.example/images*",
    "https://images.shop.example/*",
    "https://ik.imagekit.io/demo/pattern/images*",
    "https://ik.imagekit.io/demo/pattern/*",
  ])("a wildcard is too broad if only the endpoint's own levels would make it pass: %s", (url) => {
    expect(violationsOf(url)).toEqual(["wildcard-too-broad"]);
  });

  test.each([
    "https://ik.imagekit.io/demo*",
    "https://ik.imagekit.io/dem*",
    "https://ik.imagekit.io/*",
    "https://ik.imagekit.io*",
    "https://images.shop.example*",
    "https://*",
  ])("a wildcard that covers an endpoint is not under any endpoint either: %s", (url) => {
    expect(violationsOf(url)).toEqual(["unknown-endpoint", "wildcard-too-broad"]);
  });

  test.each([
    ["/images*", "(/images/autumn/*) or a file (/images/red.jpg*)"],
    ["/*", "(/shoes/autumn/*) or a file (/shoes/red.jpg*)"],
    ["/gr%C3%BCn*", "(/shoes/autumn/*) or a file (/shoes/red.jpg*)"],
  ])("the message about a too broad wildcard begins with what to do: %s", (path, examples) => {
    const { violations } = rejectedLine(demo + path);
    expect(violations[0]?.message).toBe(`Too broad for ImageKit. Add a folder ${examples}.`);
  });

  test("why a wildcard is too broad quotes it, and names the three ways to pass and ImageKit's support", () => {
    const why = rejectedLine(`${demo}/images*`).violations[0]?.why;
    expect(why).toContain('"/images*"');
    expect(why).toContain("at least two levels (/images/upload*)");
    expect(why).toContain("at least 15 characters");
    expect(why).toContain("a complete file path with extension (/sample.jpg*)");
    expect(why).toContain("support@imagekit.io");
  });
});

describe("not last", () => {
  test.each<[path: string, suggestions: readonly string[]]>([
    ["/folder/*/sample.jpg", []],
    ["/images/2026/*/sample.jpg", ["/images/2026/*"]],
    ["/*/sample.jpg*", []],
    ["/sample.jpg**", ["/sample.jpg*"]],
    ["/sample.jpg*?tr=w-300", ["/sample.jpg*"]],
    ["/sample*.jpg", []],
    ["/sample.jpg?tr=*&v=1", ["/sample.jpg*"]],
    ["/sample.jpg*#top", ["/sample.jpg*"]],
    ["/sample.jpg#*", ["/sample.jpg*"]],
    ["/sample.jpg#top*", ["/sample.jpg*"]],
    ["/sample.jpg?ik-s=0a1b2c*3d", ["/sample.jpg*"]],
  ])("a * anywhere but at the end is refused: %s, where %j would pass", (path, suggestions) => {
    expect(violationsOf(demo + path)).toEqual(["wildcard-not-last"]);
    expect(suggestionsOf(demo + path)).toEqual(suggestions.map((suggestion) => demo + suggestion));
  });

  test("the message about a misplaced * quotes the line up to it and says what to do", () => {
    const [violation] = rejectedLine(`${demo}/folder/*/sample.jpg`).violations;
    expect(violation?.why).toContain(`"${demo}/folder/*"`);
    expect(violation?.message).toContain("%2A");
  });
});

describe("unsupported folders", () => {
  test.each([
    "/media/catalog/*",
    "/media/catalog*",
    "/s/files/*",
    "/s/files*",
    "/media//catalog/*",
    "/m%65dia/catalog/*",
    "/media%2Fcatalog/*",
    "/tr:w-300/media/catalog/*",
  ])("a wildcard for Magento's or Shopify's root folder is refused: %s", (path) => {
    expect(violationsOf(demo + path)).toContain("wildcard-folder-unsupported");
    const why = rejectedLine(demo + path).violations.at(-1)?.why;
    expect(why).toContain("support@imagekit.io");
  });
});
