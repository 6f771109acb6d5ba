import { describe, expect, test } from "vitest";
import { acceptedLine, warningsOf } from "./plan-line.ts";

const persist = "path-transformations-persist";
const unsure = "wildcard-may-be-too-broad";

describe("accepted wildcards", () => {
  test.each<[rule: string, path: string, warnings: readonly string[]]>([
    ["two levels", "/images/upload*", [persist]],
    ["two levels, the second of one character", "/a/b*", [persist]],
    ["two levels, then everything in the second", "/images/upload/*", [persist]],
    ["more levels", "/images/upload/2026/*", [persist]],
    ["15 characters", "/fifteen-charact*", [persist]],
    ["more characters", "/autumn-collection-*", [persist]],
    ["15 characters with the final slash", "/fourteen-chara/*", [persist]],
    ["a complete file path with extension", "/sample.jpg*", [persist]],
    ["a short file", "/a.b*", [persist]],
    ["a file in capitals", "/SAMPLE.JPG*", [persist]],
    ["a file with several dots", "/a.min.m3u8*", [persist]],
    ["a file in a folder", "/a/sample.jpg*", [persist]],
    ["14 characters, 15 with the leading slash", "/fourteen-chara*", [unsure, persist]],
    ["15 characters only if percent-encoded", "/%C3%A9t%C3%A9t%C3%A9*", [unsure, persist]],
    ["two levels only with the transformation", "/tr:w-300/images*", [unsure, "wildcard-transformed"]],
    ["15 characters only with the transformation", "/tr:w-300,h-300*", [unsure, "wildcard-transformed"]],
    ["two levels only if an encoded slash separates them", "/a%2Fb*", [unsure, persist]],
    ["a file under a transformation", "/tr:w-300/sample.jpg*", ["wildcard-transformed"]],
    ["a transformation of a deeper file", "/tr:w-3/images/upload*", ["wildcard-transformed"]],
    ["a file's query", "/sample.jpg?tr=w-300*", ["wildcard-after-query", persist]],
    ["a file and a question mark", "/sample.jpg?*", ["wildcard-after-query", persist]],
    ["15 characters only with the query", "/images?tr=w-300*", ["wildcard-after-query", unsure, persist]],
    ["a folder below Magento's root", "/media/catalog/product/*", ["wildcard-folder-unclear", persist]],
    ["a file below Magento's root", "/media/catalog/a.jpg*", ["wildcard-folder-unclear", persist]],
    ["a folder below Shopify's root", "/s/files/1/0123/*", ["wildcard-folder-unclear", persist]],
    ["a beginning of Magento's root", "/media/cat*", ["wildcard-folder-unclear", persist]],
    ["a beginning of Shopify's root", "/s/f*", ["wildcard-folder-unclear", persist]],
    ["Shopify's root below another folder", "/shop/s/files/*", ["wildcard-folder-unclear", persist]],
    ["a folder like Magento's root", "/media/catalogue*", [persist]],
    ["Magento's root in another case", "/Media/Catalog/*", [persist]],
    ["a folder next to Shopify's root", "/s/file-s*", [persist]],
    ["an encoded asterisk before the wildcard", "/images/%2A*", [persist, "encoded-asterisk"]],
  ])("a wildcard with %s is accepted and sent as written: %s", (_, path, warnings) => {
    const url = `https://ik.imagekit.io/demo${path}`;
    expect(acceptedLine(url)).toMatchObject({ url, kind: "wildcard" });
    expect(warningsOf(url)).toEqual(warnings);
  });
});

test.each([
  "https://ik.imagekit.io/demo/pattern/images/upload*",
  "https://images.shop.example/images/upload*",
  "https://images.shop.example/sample.jpg*",
])("a wildcard's levels are counted after the endpoint, whichever it is: %s", (url) => {
  expect(acceptedLine(url).kind).toBe("wildcard");
});
