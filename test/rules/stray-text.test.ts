import { describe, expect, test } from "vitest";
import { acceptedLine, warningsOf } from "./plan-line.ts";

const url = "https://ik.imagekit.io/demo/shoe.jpg";

const said = (input: string) =>
  acceptedLine(input)
    .warnings.filter(({ code }) => code === "stray-text")
    .map(({ message }) => message);

describe("what came along with pasting is warned about before it costs a unit", () => {
  test.each([
    [`${url},`, "ends in ,"],
    [`${url};`, "ends in ;"],
    [`${url}.`, "ends in ."],
    [`${url})`, "ends in )"],
    [`${url}]`, "ends in ]"],
    [`${url}"`, "ends in %22"],
    [`${url}'`, "ends in '"],
    [`${url}>`, "ends in %3E"],
    [`${url}”`, "ends in %E2%80%9D"],
    [`${url}…`, "ends in %E2%80%A6"],
    [`${url},12,new photo`, "ends in ,12,new%20photo"],
    [`${url} - please purge`, "ends in %20-%20please%20purge"],
    [`${url} (new photo)`, "ends in %20(new%20photo)"],
    [`${url}?tr=w-300,`, "ends in ,"],
    [`${url}?tr=w-300"`, "ends in %22"],
    [`${url} ${url}`, "Another URL begins"],
    [`${url},${url}`, "Another URL begins"],
    [`${url}${url}`, "Another URL begins"],
    [`${url}\u2028${url}`, "Another URL begins"],
    ["https://ik.imagekit.io/demo/\u200bshoe.jpg", "sent as %E2%80%8B"],
    ["https://ik.imagekit.io/demo/sho\u00ade.jpg", "sent as %C2%AD"],
    ["https://ik.imagekit.io/demo/red\u00a0shoe.jpg", "sent as %C2%A0"],
    [`${url}?tr=w-300&amp;v=1`, "contains &amp;"],
  ])("%j", (input, expected) => {
    expect(said(input).join(" ")).toContain(expected);
  });
});

test.each([
  "https://ik.imagekit.io/demo/red shoe.jpg",
  "https://ik.imagekit.io/demo/shoe.jpg (1).jpg",
  "https://ik.imagekit.io/demo/shoe (1).jpg",
  "https://ik.imagekit.io/demo/shoe, red; left.jpg",
  "https://ik.imagekit.io/demo/shoe.jpg.webp",
  "https://ik.imagekit.io/demo/v1.25.jpg",
  "https://ik.imagekit.io/demo/shoe.jpg/ik-thumbnail.jpg",
  "https://ik.imagekit.io/demo/video.mp4/ik-master.m3u8?tr=sr-240_360",
  "https://ik.imagekit.io/demo/tr:l-image,i-logo.png,l-end/shoe.jpg",
  "https://ik.imagekit.io/demo/shoe.jpg/tr:l-image,i-logo.png,l-end",
  "https://ik.imagekit.io/demo/shoe.jpg?tr=l-image,i-logo.png,l-end",
  "https://ik.imagekit.io/demo/https://cdn.shop.example/shoe.jpg",
  "https://ik.imagekit.io/demo/shoe.jpg?source=https://cdn.shop.example/shoe.jpg",
  "https://ik.imagekit.io/demo/images/upload",
  "https://ik.imagekit.io/demo/👨\u200d👩.jpg",
  "https://ik.imagekit.io/demo/shoe.jpg*",
])("%s has none of it", (input) => {
  expect(warningsOf(input)).not.toContain("stray-text");
});

test.each([",&ik-s=5ec7e7", " ik-s=5ec7e7", "&ik-s=a.jpg,5ec7e7"])(
  "the signature in %j is not repeated",
  (tail) => {
    expect(said(`${url}${tail}`).join()).not.toContain("5ec7e7");
  },
);
