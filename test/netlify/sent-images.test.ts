import { expect, test } from "vitest";
import type { PlanLine } from "../../src/client/client.ts";
import { sentLines } from "../../src/netlify/build-plugin/sent-images.ts";

const at = (path: string) => `https://ik.imagekit.io/demo${path}`;

function image(line: number, paths: readonly string[]): PlanLine {
  const targets = paths.map((path) => ({
    url: at(path),
    kind: path.endsWith("*") ? ("wildcard" as const) : ("exact" as const),
    verdict: "accepted" as const,
  }));
  return {
    line,
    input: "",
    verdict: "image",
    image: "",
    profile: null,
    targets,
    units: 1,
    unitsWithQuery: 1,
    warnings: [],
  };
}

const sent = (lines: PlanLine[], purged: readonly string[]) => [
  ...sentLines([{ purges: purged.map((path) => ({ url: at(path) })) }], { lines }),
];

test.each([
  ["/shoe.jpg*", "/shoe.jpg*", true],
  ["/shoe.jpg*", "/shoe.jp*", true],
  ["/shoe.jpg*", "/shoe.jpg", false],
  ["/shoe.jpg*", "/shoe.jpg.webp*", false],
  // No wildcard that ImageKit knows: it would end in a star that is a character of the name.
  ["/shoe.jpg*", "/shoe.jpg**", false],
  ["/shoe.jpg", "/shoe.jpg*", true],
  ["/shoe.jpg", "/shoe.jpg.webp*", false],
])("an image with the target %s is sent by a purge of %s: %s", (target, purged, isSent) => {
  expect(sent([image(1, [target])], [purged])).toEqual(isSent ? [1] : []);
});

test("an image is sent when all of its targets are, and its duplicates with it", () => {
  const lines: PlanLine[] = [
    image(1, ["/a.jpg*", "/tr:w-1/a.jpg*"]),
    { line: 2, input: "", verdict: "duplicate", of: 1 },
    image(3, ["/b.jpg*"]),
    { line: 4, input: "", verdict: "duplicate", of: 3 },
  ];
  expect(sent(lines, ["/a.jpg*", "/tr:w-1/a.jpg*"])).toEqual([1, 2]);
  expect(sent(lines, ["/a.jpg*", "/b.jpg*"])).toEqual([3, 4]);
});
