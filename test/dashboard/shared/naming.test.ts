import { expect, test } from "vitest";
import { guessWords, inTypedOrder, nameLines } from "../../../src/dashboard/shared/naming.ts";
import { planRequest } from "../../../src/planning/plan-request.ts";

const base = "https://ik.imagekit.io/demo";
const context = {
  endpoints: [{ host: "ik.imagekit.io", path: "/demo" }],
  profiles: [],
  mayUseWildcards: true,
};
const typed = [`${base}/a.jpg`, "/b.jpg", `${base}/c.jpg`, "/b.jpg", "  /d.jpg "];

test("automatically, a path names an image, and anything else is a URL that clears only itself", () => {
  const { urls, images, places } = nameLines([...typed, "nonsense"], "automatic");
  expect(urls).toEqual([`${base}/a.jpg`, `${base}/c.jpg`, "nonsense"]);
  expect(images).toEqual(["/b.jpg", "/b.jpg", "  /d.jpg "]);
  expect(places).toEqual([1, 3, 6, 2, 4, 5]);
});

test("what the reader chooses goes for every line", () => {
  expect(nameLines(typed, "images")).toEqual({ urls: [], images: typed, places: [1, 2, 3, 4, 5] });
  expect(nameLines(typed, "urls")).toEqual({ urls: typed, images: [], places: [1, 2, 3, 4, 5] });
});

test("planned lines are shown in the order and with the numbers as typed, those that they refer to too", () => {
  const named = nameLines(typed, "automatic");
  const { lines } = planRequest({ ...named, cover: [] }, context);
  const shown = inTypedOrder(
    lines.flatMap((line) => (line.verdict === "rejected" ? [] : [line])),
    named,
  );
  expect(shown.map(({ line, input }) => [line, input])).toEqual(typed.map((text, i) => [i + 1, text]));
  expect(shown[3]).toMatchObject({ verdict: "duplicate", of: 2 });
});

test.each([
  [[], "automatic", ""],
  [["/a.jpg"], "images", ""],
  [["/a.jpg"], "automatic", "This looks like an image: it is cleared with all its URLs."],
  [["https://x/a.jpg"], "automatic", "This looks like a URL: it clears exactly what it says."],
  [["/a.jpg", "/b.jpg"], "automatic", "These look like 2 images: each is cleared with all its URLs."],
  [
    ["/a.jpg", "https://x/a.jpg", "https://x/b.jpg"],
    "automatic",
    "These look like 1 image and 2 URLs: an image is cleared with all its URLs, a URL clears exactly what it says.",
  ],
] as const)("the guess for %j (%s) is said: %j", (lines, naming, words) => {
  expect(guessWords(nameLines(lines, naming), naming)).toBe(words);
});
