import { expect, test } from "vitest";
import { edgeCheckOf, edgeUrlOf } from "../../src/rules/edge-url.ts";
import { readLine } from "../../src/rules/target.ts";

const base = "https://ik.imagekit.io/demo";
const endpoints = [{ host: "ik.imagekit.io", path: "/demo" }];

/** The target as the rules make it of a line. */
function targetOf(line: string) {
  const reading = readLine(base + line, endpoints);
  if (!("target" in reading)) throw new Error(`${line} is refused`);
  return reading.target;
}

test.each([
  ["/shoe.jpg", "/shoe.jpg"],
  ["/shoe.jpg*", "/shoe.jpg"],
  ["/SHOE.JPG*", "/SHOE.JPG"],
  ["/products/größe.webp*", "/products/gr%C3%B6%C3%9Fe.webp"],
  ["/tr:w-300/shoe.jpg*", "/tr:w-300/shoe.jpg"],
  ["/tr:w-300/shoe.jpg", "/tr:w-300/shoe.jpg"],
  ["/shoe.jpg?tr=w-300", "/shoe.jpg?tr=w-300"],
  ["/film.mp4*", "/film.mp4"],
  ["/film.mp4/ik-thumbnail.jpg", "/film.mp4/ik-thumbnail.jpg"],
  ["/products/shoe", "/products/shoe"],
])("%s is checked at %s", (line, url) => {
  expect(edgeUrlOf(targetOf(line))).toBe(base + url);
});

test.each([
  ["a folder's wildcard", "/products/autumn/*"],
  ["a wildcard within a name", "/products/shoe*"],
  ["a wildcard within an extension", "/products/autumn/shoe.j*"],
  ["a wildcard behind a version number", "/products/autumn/v1.2*"],
  ["a wildcard within a query", "/products/shoe.jpg?tr=w-3*"],
  ["a wildcard behind a transformation", "/products/shoe.jpg/tr:w-300*"],
  ["a wildcard behind an overlay's file in a transformation", "/products/tr:l-image,i-logo.png*"],
  ["a folder", "/products/autumn/"],
])("%s is not checked: it names no one file", (_, line) => {
  expect(edgeUrlOf(targetOf(line))).toBeUndefined();
  expect(edgeCheckOf(targetOf(line))).toBeUndefined();
});

test("the check of a file waits", () => {
  expect(edgeCheckOf(targetOf("/shoe.jpg*"))).toEqual({ outcome: "waiting", url: `${base}/shoe.jpg` });
});

test.each(["/shoe.jpg?ik-t=9999999999&ik-s=0123456789abcdef", "/shoe.jpg?ik-s=0123456789abcdef&tr=w-300"])(
  "the check of the signed URL %s is decided from the start, and keeps no signature",
  (line) => {
    const check = edgeCheckOf(targetOf(line));
    expect(check).toMatchObject({ outcome: "unreadable", cause: "signed" });
    expect(JSON.stringify(check)).not.toMatch(/0123456789abcdef|9999999999/);
  },
);
