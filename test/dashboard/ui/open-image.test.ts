import { expect, test } from "vitest";
import { imageAddress } from "../../../src/dashboard/ui/open-image.tsx";

test.each([
  ["exact", "https://ik.imagekit.io/demo/a.jpg", "https://ik.imagekit.io/demo/a.jpg"],
  ["exact", "http://ik.imagekit.io/demo/a.jpg?tr=w-1", "http://ik.imagekit.io/demo/a.jpg?tr=w-1"],
  ["wildcard", "https://ik.imagekit.io/demo/a.jpg*", "https://ik.imagekit.io/demo/a.jpg"],
  ["wildcard", "https://ik.imagekit.io/demo/shoes/*", undefined],
  ["exact", "https://ik.imagekit.io/demo/a.jpg?ik-s=masked", undefined],
  ["exact", "https://ik.imagekit.io/demo/a.jpg?ik-t=1&ik-s=0a1b2c", undefined],
  ["exact", "javascript:alert(1)//a.jpg", undefined],
  ["exact", "data:text/html,https://x/a", undefined],
] as const)("the image of the %s target %s is at %s", (kind, url, address) => {
  expect(imageAddress({ kind, url })).toBe(address);
});
