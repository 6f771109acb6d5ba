import { describe, expect, test } from "vitest";
import { demo, inShort, planImages, shop } from "./planned.ts";

const plain = { profiles: [{ ...shop, paths: ["/"], transformations: ["tr:w-400"] }] };
const verdicts = (images: readonly string[], urls: readonly string[] = []) =>
  planImages(images, { ...plain, urls }).lines.map(inShort);

test("lines are numbered through the URLs, then the images, with their inputs unchanged", () => {
  const { lines } = planImages([" /a.jpg", "/"], { ...plain, urls: [`${demo}/b.jpg `, ""] });
  expect(lines.map(({ line, input, verdict }) => [line, input, verdict])).toEqual([
    [1, `${demo}/b.jpg `, "accepted"],
    [2, "", "rejected"],
    [3, " /a.jpg", "image"],
    [4, "/", "rejected"],
  ]);
});

test("a request of nothing but bad lines has no target", () => {
  expect(planImages(["/", "/*"], { urls: [""] }).targets).toEqual([]);
});

describe("duplicates", () => {
  test("an image that an earlier line names is its duplicate, however it is written", () => {
    expect(
      verdicts([
        "/a.jpg",
        `${demo}/a.jpg?v=2`,
        `${demo}/tr:w-400/a.jpg`,
        "/tr:w-400/a.jpg",
        "/A.jpg",
        "/a.jpg",
      ]),
    ).toEqual([
      "image: accepted, accepted",
      "duplicate 1",
      "duplicate 1",
      "duplicate 1",
      "image: accepted, accepted",
      "duplicate 1",
    ]);
  });

  test("an image with a further target is not, but the next one with that target is", () => {
    expect(
      verdicts(["/a.jpg", `${demo}/tr:w-7/a.jpg`, `${demo}/tr:w-7/a.jpg`, `${demo}/tr:w-8/a.jpg`, "/a.jpg"]),
    ).toEqual([
      "image: accepted, accepted",
      "image: duplicate 1, duplicate 1, accepted",
      "duplicate 2",
      "image: duplicate 1, duplicate 1, accepted",
      "duplicate 1",
    ]);
  });

  test("a bare image is a duplicate of an earlier one that has a further target", () => {
    expect(verdicts([`${demo}/tr:w-7/a.jpg`, "/a.jpg"])).toEqual([
      "image: accepted, accepted, accepted",
      "duplicate 1",
    ]);
  });

  test("a refused line is no earlier line", () => {
    expect(verdicts(["/a.jpg*", "/a.jpg"])).toEqual(["rejected", "image: accepted, accepted"]);
  });

  test("the same path at another endpoint is another image", () => {
    const endpoints = [
      { host: "ik.imagekit.io", path: "/demo" },
      { host: "images.shop.example", path: "" },
    ];
    const plan = planImages([`${demo}/a.jpg`, "https://images.shop.example/a.jpg"], {
      endpoints,
      profiles: [],
    });
    expect(plan.lines.map(inShort)).toEqual(["image: accepted", "image: accepted"]);
  });

  test("a target that a URL line makes is that line's, and is paid once", () => {
    const plan = planImages(["/a.jpg"], { ...plain, urls: [`${demo}/tr:w-400/a.jpg*`] });
    expect(plan.lines.map(inShort)).toEqual(["accepted", "image: accepted, duplicate 1"]);
    expect(plan.targets).toEqual([
      { url: `${demo}/tr:w-400/a.jpg*`, kind: "wildcard", lines: [1, 2] },
      { url: `${demo}/a.jpg*`, kind: "wildcard", lines: [2] },
    ]);
  });
});

describe("covered", () => {
  test("a URL is covered by a later image that clears it", () => {
    expect(
      verdicts(["/a.jpg"], [`${demo}/a.jpg?v=1`, `${demo}/tr:w-400/a.jpg`, `${demo}/tr:w-7/a.jpg`]),
    ).toEqual(["covered 4", "covered 4", "accepted", "image: accepted, accepted"]);
  });

  test("targets of an image are covered by a URL line's wildcard with the same path transformations", () => {
    const plan = planImages(["/red/shoes/a.jpg", "/red/shoes/b.jpg"], {
      ...plain,
      urls: [`${demo}/red/shoes/*`],
    });
    expect(plan.lines.map(inShort)).toEqual([
      "accepted",
      "image: covered 1, accepted",
      "image: covered 1, accepted",
    ]);
    expect(plan.targets).toEqual([
      { url: `${demo}/red/shoes/*`, kind: "wildcard", lines: [1, 2, 3] },
      { url: `${demo}/tr:w-400/red/shoes/a.jpg*`, kind: "wildcard", lines: [2] },
      { url: `${demo}/tr:w-400/red/shoes/b.jpg*`, kind: "wildcard", lines: [3] },
    ]);
  });

  test("a wildcard that clears several targets of a line names the line once", () => {
    const plan = planImages([`${demo}/red/shoes/a?tr=w-1`], { profiles: [], urls: [`${demo}/red/shoes/*`] });
    expect(plan.lines.map(inShort)).toEqual(["accepted", "image: covered 1, covered 1"]);
    expect(plan.targets).toEqual([{ url: `${demo}/red/shoes/*`, kind: "wildcard", lines: [1, 2] }]);
  });

  test("an image whose name another one begins with is cleared by that one's wildcard", () => {
    const plan = planImages(["/red/shoe", "/red/shoe-left.jpg"], {
      mayUseWildcards: true,
      profiles: [],
    });
    expect(plan.lines.map(inShort)).toEqual(["image: accepted", "image: covered 1"]);
    expect(plan.targets).toEqual([{ url: `${demo}/red/shoe*`, kind: "wildcard", lines: [1, 2] }]);
  });

  test("a wildcard that ImageKit may refuse covers no other line", () => {
    const path = "/media/catalog/product/a.jpg";
    expect(verdicts([path], [`${demo}${path}?v=1`])).toEqual(["accepted", "image: accepted, accepted"]);
  });
});

describe("what an image would cost if pages used query transformations", () => {
  const unitsOf = (images: readonly string[], urls: readonly string[] = []) =>
    planImages(images, { ...plain, urls }).lines.map((line) =>
      line.verdict === "image" ? line.unitsWithQuery : undefined,
    );

  test("is one unit for each endpoint", () => {
    expect(unitsOf(["/a.jpg"])).toEqual([1]);
  });

  test("is nothing where another line clears the original", () => {
    expect(unitsOf(["/a.jpg"], [`${demo}/a.jpg*`])).toEqual([undefined, 0]);
  });

  test("is as much as now where only exact URLs are cleared, because each query is one", () => {
    expect(unitsOf(["/a"])).toEqual([2]);
  });

  test("does not count a transformed URL that was given", () => {
    expect(unitsOf([`${demo}/tr:w-7/a.jpg`])).toEqual([1]);
  });
});

test("a mistake is refused unless the caller wants that line sent", () => {
  const images = ["/products/undefined", "/products/null"];
  const onMistake = (input: string) => (input.endsWith("null") ? "send" : "reject");
  expect(planImages(images, { onMistake }).lines.map(({ verdict }) => verdict)).toEqual([
    "rejected",
    "image",
  ]);
});
