import { describe, expect, test } from "vitest";
import { cautionCodes, mistakeCodes, normalisationCodes, noteCodes } from "../../src/domain/verdict.ts";
import { maximumUrlBytes } from "../../src/rules/limits.ts";
import { acceptedLine, warningsOf } from "./plan-line.ts";

const aboutTheTarget: readonly string[] = [...noteCodes, ...cautionCodes, ...mistakeCodes];
const known: readonly string[] = [...normalisationCodes, ...aboutTheTarget];

test.each([
  "https://ik.imagekit.io/demo/shoe.jpg",
  "http://ik.imagekit.io/demo/shoe.jpg",
  "https://images.shop.example/shoe.jpg",
  "https://xn--bcher-kva.example/shoe.jpg",
  "https://ik.imagekit.io/demo/pattern/shoe.jpg",
  "https://ik.imagekit.io/demo/tr:w-300,h-300/shoe.jpg",
  "https://ik.imagekit.io/demo/tr:w-300:rt-90/a/shoe.jpg",
  "https://ik.imagekit.io/demo/shoe.jpg?tr=w-300",
  "https://ik.imagekit.io/demo/shoe.jpg?tr=w-300&ik-obj-version=abc&ik-t=1700000000&ik-s=0a1b2c",
  "https://ik.imagekit.io/demo/a%20b/%C3%A9%c3%a9.jpg?x=%2f%2F+~",
  "https://ik.imagekit.io/demo/Shoe.JPG",
  "https://ik.imagekit.io/demo/tr:l-image,i-folder@@logo.png,l-end/shoe.jpg",
  "https://ik.imagekit.io/demo/https://other.example/shoe.jpg",
  "https://ik.imagekit.io/demo/https%3A%2F%2Fother.example%2Fshoe.jpg",
  "https://ik.imagekit.io/demo/a//b.jpg",
  "https://ik.imagekit.io/demo/...jpg",
  "https://ik.imagekit.io/demo/a.jpg?x=../../..\\..",
  "https://ik.imagekit.io/demo/a.jpg?",
  "https://ik.imagekit.io/demo/a;b,c=$(d)!'[e]|^.jpg",
])("a canonical URL is accepted and sent exactly as written: %s", (input) => {
  const verdict = acceptedLine(input);
  expect(verdict).toMatchObject({ line: 1, input, url: input, kind: "exact" });
  for (const { code } of verdict.warnings) expect(aboutTheTarget).toContain(code);
});

describe("normalised lines", () => {
  const url = "https://ik.imagekit.io/demo/a.jpg";
  test.each([
    [` \t${url}\r\n`, url, ["whitespace-trimmed"]],
    ["HTTPS://ik.imagekit.io/demo/a.jpg", url, ["scheme-lowercased"]],
    ["https://IK.ImageKit.IO/demo/a.jpg", url, ["host-normalised"]],
    ["https://ik.imagekit.io./demo/a.jpg", url, ["host-normalised"]],
    ["https://bücher.example/a.jpg", "https://xn--bcher-kva.example/a.jpg", ["host-normalised"]],
    ["https://BÜCHER.example/a.jpg", "https://xn--bcher-kva.example/a.jpg", ["host-normalised"]],
    ["https://ik.imagekit.io:443/demo/a.jpg", url, ["port-normalised"]],
    ["https://ik.imagekit.io:/demo/a.jpg", url, ["port-normalised"]],
    ["https://ik.imagekit.io:0443/demo/a.jpg", url, ["port-normalised"]],
    ["http://ik.imagekit.io:80/demo/a.jpg", "http://ik.imagekit.io/demo/a.jpg", ["port-normalised"]],
    ["https://images.shop.example", "https://images.shop.example/", ["slash-added"]],
    ["https://images.shop.example?a.b", "https://images.shop.example/?a.b", ["slash-added"]],
    ["https://ik.imagekit.io/demo/b/../a.jpg", url, ["dot-segments-resolved"]],
    ["https://ik.imagekit.io/demo/./a.jpg", url, ["dot-segments-resolved"]],
    ["https://ik.imagekit.io/demo/b/%2E%2e/%2e/a.jpg", url, ["dot-segments-resolved"]],
    ["https://ik.imagekit.io/demo/b/.%2e", "https://ik.imagekit.io/demo/", ["dot-segments-resolved"]],
    ["https://ik.imagekit.io/demo/é.jpg", "https://ik.imagekit.io/demo/%C3%A9.jpg", ["percent-encoded"]],
    [
      "https://ik.imagekit.io/demo/e\u0301.jpg",
      "https://ik.imagekit.io/demo/e%CC%81.jpg",
      ["percent-encoded"],
    ],
    [
      "https://ik.imagekit.io/demo/👟.jpg",
      "https://ik.imagekit.io/demo/%F0%9F%91%9F.jpg",
      ["percent-encoded"],
    ],
    ["https://ik.imagekit.io/demo/a.jpg?é", `${url}?%C3%A9`, ["percent-encoded"]],
    [`${url}?tr=l-text,i-It's,l-end`, `${url}?tr=l-text,i-It%27s,l-end`, ["percent-encoded"]],
    [`${url}#top`, url, ["fragment-dropped"]],
    [`${url}#`, url, ["fragment-dropped"]],
    [`${url}?v=1#?tr=w-300`, `${url}?v=1`, ["fragment-dropped"]],
  ])("a line that is normalised gets a warning: %j is sent as %s", (input, sent, expected) => {
    expect(acceptedLine(input).url).toBe(sent);
    const normalisations = warningsOf(input).filter((code) => normalisationCodes.some((one) => one === code));
    expect(normalisations).toEqual(expected);
  });
});

describe("warnings", () => {
  test.each([
    ["https://ik.imagekit.io/demo/a.jpg", ["exact-only"]],
    ["http://ik.imagekit.io/demo/a.jpg?x=1", ["http-scheme"]],
    ["https://ik.imagekit.io/demo/a.jpg?tr=w-300", []],
    ["https://ik.imagekit.io/demo/tr:w-300/a.jpg", []],
    ["https://ik.imagekit.io/demo/a.jpg?v=1", ["version-in-query"]],
    ["https://ik.imagekit.io/demo/100%.jpg?x=1", ["stray-percent"]],
    ["https://ik.imagekit.io/demo/images/%2A.jpg?x=1", ["encoded-asterisk"]],
    ["https://ik.imagekit.io/demo/images/upload%2a", ["encoded-asterisk", "folder-without-wildcard"]],
    ["https://ik.imagekit.io/demo/images/", ["folder-without-wildcard"]],
    ["https://ik.imagekit.io/demo/images", ["folder-without-wildcard"]],
    ["https://ik.imagekit.io/demo/images?tr=w-300", []],
    ["https://ik.imagekit.io/demo/images/a.jpg/tr:w-300", []],
    ["https://ik.imagekit.io/demo/images/tr:l-image,i-b/c.png,l-end", ["folder-without-wildcard"]],
    ["https://ik.imagekit.io/demo", ["endpoint-itself"]],
  ])("undocumented or surprising behaviour gets a warning: %s has %j", (input, expected) => {
    expect(warningsOf(input)).toEqual(expected);
    expect(warningsOf(input).every((code) => known.includes(code))).toBe(true);
  });
});

test(`a URL of ${maximumUrlBytes} bytes is accepted; its fragment and surrounding spaces do not count`, () => {
  const url = "https://ik.imagekit.io/demo/".padEnd(maximumUrlBytes - 4, "a").concat(".jpg");
  expect(acceptedLine(`  ${url}#${"x".repeat(maximumUrlBytes)}`).url).toBe(url);
});
