import fc from "fast-check";
import { readLine, type Target } from "../../../src/rules/target.ts";
import type { UrlEndpoint } from "../../../src/rules/url-endpoint.ts";

/** An id, a pattern within two of its folders, and a host of the shop's own. */
export const endpoints: readonly UrlEndpoint[] = [
  { host: "ik.imagekit.io", path: "/demo" },
  { host: "ik.imagekit.io", path: "/demo/a/pattern" },
  { host: "images.shop.example", path: "" },
];

const root = fc.constantFrom(
  "https://ik.imagekit.io/demo",
  "https://ik.imagekit.io/demo",
  "https://ik.imagekit.io/demo/a/pattern",
  "https://images.shop.example",
  "http://images.shop.example",
);
const stack = fc.constantFrom("", "", "", "/tr:w-1", "/tr:w-10", "/tr:w-1/tr:h-2");

/** Folders around every hole in the rules. */
const folder = fc.constantFrom(
  "/a/",
  "/a/b/",
  "/a/patterns/",
  "/fourteen-chars/",
  "/fourteen-chars/a/",
  "/media/",
  "/media/catalog/",
  "/media/catalog/a/",
  "/media/catalogue/",
  "/s/",
  "/s/files/",
  "/s/files/1/",
  "/gr%C3%B6n/",
  "/a//b/",
  "/a/%2A/",
  "/a/tr:w-9/",
);
const noFolder = fc.constantFrom("/", "/a", "a/", "//");
const name = fc
  .array(fc.constantFrom("a", "b", "ab", "gr%C3%B6n", "gr%C3%BCn", "%E2%82%AC", "%E2%98%83", "-", ".", "/"), {
    maxLength: 4,
  })
  .map((pieces) => pieces.join(""));
const ending = fc.constantFrom(
  "",
  "",
  ".jpg",
  ".jpg*",
  ".jpg*",
  "*",
  ".jpg?v=1",
  ".jpg?v=2",
  "?v=1",
  "/tr:w-3",
);

const line = fc.tuple(root, stack, folder, name, ending).map((pieces) => pieces.join(""));

/** Targets so alike that many can share a wildcard, most in one folder, and folders that may be cleared whole. */
export const anyRequest = fc.tuple(root, stack, folder).chain(([oneRoot, oneStack, oneFolder]) => {
  const near = fc.tuple(name, ending).map((end) => oneRoot + oneStack + oneFolder + end.join(""));
  const [top = ""] = /^\/[^/]+\//.exec(oneFolder) ?? [];
  return fc.record({
    targets: fc
      .tuple(fc.array(near, { minLength: 2, maxLength: 5 }), fc.array(line, { maxLength: 2 }))
      .map(([some, others]) => readAll([...some, ...others])),
    folders: fc
      .tuple(fc.constantFrom(oneFolder, top), fc.array(fc.oneof(folder, noFolder), { maxLength: 2 }))
      .map(([one, others]) => [one, ...others]),
  });
});

function readAll(lines: readonly string[]): readonly Target[] {
  const targets = new Map<string, Target>();
  for (const each of lines) {
    const reading = readLine(each, endpoints);
    if ("target" in reading) targets.set(reading.target.url, reading.target);
  }
  return [...targets.values()];
}
