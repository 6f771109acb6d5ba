import { expect, test } from "vitest";
import { findUrls } from "../../src/rules/find-urls.ts";
import { acceptedLine, endpoints } from "./plan-line.ts";
import { realMistakes, realPaths, realVersions } from "./real-urls.ts";

const demo = "https://ik.imagekit.io/demo";

const doubtsAbout = (url: string) =>
  acceptedLine(url)
    .warnings.filter(({ severity }) => severity !== "note")
    .map(({ code }) => code);

test("no URL that pages use is refused, cautioned or changed", () => {
  const alarms = realPaths.flatMap((path) => doubtsAbout(demo + path).map((code) => `${code}: ${path}`));
  expect(alarms).toEqual([]);
  for (const path of realPaths) expect(acceptedLine(demo + path).url).toBe(demo + path);
});

test("a version in the query of a URL that pages use is the only thing that is cautioned", () => {
  for (const path of realVersions)
    expect([path, doubtsAbout(demo + path)]).toEqual([path, ["version-in-query"]]);
});

test.each(realMistakes)("a URL in public code that cannot be meant is noticed: %s has %s", (path, code) => {
  expect(doubtsAbout(demo + path)).toContain(code);
});

test.each<[form: string, wrap: (url: string) => string]>([
  ["a line", (url) => url],
  ["a quoted cell", (url) => `"${url}","x"`],
  ["an attribute", (url) => `<img src="${url.replaceAll("&", "&amp;")}" alt="">`],
  [
    "a srcset",
    (url) => `<img srcset="${url.replaceAll("&", "&amp;")} 1x, ${url.replaceAll("&", "&amp;")} 2x">`,
  ],
  [
    "JSON with escaped slashes",
    (url) => JSON.stringify({ url }).replaceAll("/", "\\/").replaceAll("&", "\\u0026"),
  ],
  ["an image that Next.js resizes", (url) => `/_next/image?url=${encodeURIComponent(url)}&w=640&q=75`],
  ["Markdown", (url) => `See <${url}>.`],
  ["a table of tabs", (url) => `A1\t${url}\t12`],
])("a URL that pages use is found whole in %s", (_, wrap) => {
  const lost = [...realPaths, ...realVersions]
    .map((path) => demo + path)
    .filter(
      (url) =>
        findUrls(wrap(url), endpoints).some((found) => found.url !== url) ||
        findUrls(wrap(url), endpoints).length === 0,
    );
  expect(lost).toEqual([]);
});
