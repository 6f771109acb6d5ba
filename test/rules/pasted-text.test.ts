import { expect, test } from "vitest";
import { acceptedLine, warningsOf } from "./plan-line.ts";

const url = "https://ik.imagekit.io/demo/shoe.jpg";

const strayWarnings = (input: string) =>
  acceptedLine(input)
    .warnings.filter(({ code }) => code === "stray-text")
    .map(({ message }) => message);

test.each([
  [`${url},`, ","],
  [`${url};`, ";"],
  [`${url}.`, "."],
  [`${url})`, ")"],
  [`${url}]`, "]"],
  [`${url}"`, "%22"],
  [`${url}'`, "'"],
  [`${url}>`, "%3E"],
  [`${url}”`, "%E2%80%9D"],
  [`${url}…`, "%E2%80%A6"],
  [`${url},12,new photo`, ",12,new%20photo"],
  [`${url} - please purge`, "%20-%20please%20purge"],
  [`${url} (new photo)`, "%20(new%20photo)"],
  [`${url}?tr=w-300,`, ","],
  ["https://ik.imagekit.io/demo/images/upload,", ","],
  [`${url}?tr=w-300"`, "%22"],
  [`${url} ${url}`, "https://"],
  [`${url},${url}`, "https://"],
  [`${url}${url}`, "https://"],
  [`${url}\u2028${url}`, "%E2%80%A8"],
  ["https://ik.imagekit.io/demo/\u200bshoe.jpg", "%E2%80%8B"],
  ["https://ik.imagekit.io/demo/sho\u00ade.jpg", "%C2%AD"],
  ["https://ik.imagekit.io/demo/red\u00a0shoe.jpg", "%C2%A0"],
  [`${url}?tr=w-300&amp;v=1`, "&amp;"],
])("a line with pasted text around the URL gets a warning: %j has %s", (input, stray) => {
  expect(strayWarnings(input)).toEqual([expect.stringContaining(`"${stray}" is sent as part of the URL`)]);
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
  "https://ik.imagekit.io/demo/shoe.jpg?tr=l-image,i-logo.png,l-end",
  "https://ik.imagekit.io/demo/https://cdn.shop.example/shoe.jpg",
  "https://ik.imagekit.io/demo/shoe.jpg?source=https://cdn.shop.example/shoe.jpg",
  "https://ik.imagekit.io/demo/images/upload",
  "https://ik.imagekit.io/demo/👨\u200d👩.jpg",
  "https://ik.imagekit.io/demo/shoe.jpg*",
])("a URL whose own text only looks pasted gets no such warning: %s", (input) => {
  expect(warningsOf(input)).not.toContain("stray-text");
});

test.each([",&ik-s=5ec7e7", " ik-s=5ec7e7", "&ik-s=a.jpg,5ec7e7"])(
  "the warning about pasted text never repeats the signature in %j",
  (tail) => {
    expect(strayWarnings(`${url}${tail}`).join()).not.toContain("5ec7e7");
  },
);
