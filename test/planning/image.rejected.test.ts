import { describe, expect, test } from "vitest";
import { demo, planImages, shop, violationsOf } from "./planned.ts";

type Case = readonly [input: string, messageOrCode: string, suggestion?: string];

function inFull([input, messageOrCode, suggestion]: Case) {
  return [input, messageOrCode, suggestion] as const;
}

const unnamed: readonly Case[] = [
  ["", "Write an image on the line"],
  [" \t", "Write an image on the line"],
  ["/", "this is the URL endpoint itself"],
  ["/products/", "/products/shoe.jpg"],
  ["/tr:w-400/products/", "is a folder"],
  ["/products//", "is a folder"],
  ["/products/.jpg", "name of the file before its extension"],
  ["/products/*", "without *"],
  ["/products/shoe.jpg*", "without *", "/products/shoe.jpg"],
  ["/products/*/shoe.jpg", "without *"],
  ["/products/../shoe.jpg", '"."', "/shoe.jpg"],
  ["/products/./shoe.jpg", '"."', "/products/shoe.jpg"],
  ["/products/%2e%2e/shoe.jpg", '"."', "/shoe.jpg"],
  ["/products/%252e%252e/shoe.jpg", "without"],
  ["/products%2Fshoe.jpg", "instead of %2F", "/products/shoe.jpg"],
  ["/products%5cshoe.jpg", "instead of %5c", "/products/shoe.jpg"],
  ["/products%252fshoe.jpg", "instead of %252f", "/products/shoe.jpg"],
  ["/tr:l-text,ie-a%2Fb,l-end/products%2Fshoe.jpg", "instead of %2F"],
  ["/products\\shoe.jpg", "instead of the backslash", "/products/shoe.jpg"],
  ["/products/sh\u0000oe.jpg", "control character"],
  ["/products/\ud800.jpg", "half a character"],
  ["/products/shoe.jpg?tr=w-400", "write %3F", "/products/shoe.jpg"],
  ["/products/what?.jpg", "write %3F", "/products/what%3F.jpg"],
  ["/products/shoe#2.jpg", "write %23", "/products/shoe%232.jpg"],
  ["/images/tr:w-1%2f../tr:h-2.jpg?v=1", "write %3F"],
  ["/products/what?", "write %3F", "/products/what"],
  ["/products/shoe.jpg#1", "write %23", "/products/shoe.jpg"],
  ['/products/"shoe".jpg', 'Remove the "'],
  ["/products/sho<e.jpg", "Remove the <"],
  [`/${"a".repeat(4_100)}.jpg`, "Shorten the path"],
  ["products/shoe.jpg", "beginning with /", "/products/shoe.jpg"],
  ["shoe.jpg", "beginning with /", "/shoe.jpg"],
  ['"/products/shoe.jpg",', "beginning with /", "/products/shoe.jpg"],
  ["1. /products/shoe.jpg", "beginning with /", "/products/shoe.jpg"],
  ["Bild: /products/shoe.jpg bitte", "beginning with /", "/products/shoe.jpg"],
  ["//products/shoe.jpg", "beginning with /", "/products/shoe.jpg"],
  ["elsewhere.example/shoe.jpg", "beginning with /"],
  ["a shoe", "beginning with /"],
  [`${demo}`, "this is the URL endpoint itself"],
  [`${demo}/`, "this is the URL endpoint itself"],
  [`${demo}/products/`, "is a folder"],
  [`${demo}/tr:w-400/`, "this is the URL endpoint itself"],
  [`${demo}/products/shoe.jpg*`, "without *", `${demo}/products/shoe.jpg`],
  [`${demo}/products/shoe.jpg?v=1*`, "without *", `${demo}/products/shoe.jpg?v=1`],
  [`${demo}/products/*`, "without *"],
  [`${demo}/a/../products/shoe.jpg`, '"."', `${demo}/products/shoe.jpg`],
];

test.each(unnamed.map(inFull))("%j names no image: %s", (input, message, suggestion) => {
  const violations = violationsOf(input);
  expect(violations[0]).toMatchObject({ code: "not-an-image" });
  expect(violations[0]?.message).toContain(message);
  expect(violations.find((one) => one.suggestion !== undefined)?.suggestion).toBe(suggestion);
});

const refused: readonly Case[] = [
  [`"${demo}/products/shoe.jpg"`, "not-a-url", `${demo}/products/shoe.jpg`],
  [`Bild: ${demo}/products/shoe.jpg`, "not-a-url", `${demo}/products/shoe.jpg`],
  ["ik.imagekit.io/demo/products/shoe.jpg", "not-a-url", `${demo}/products/shoe.jpg`],
  [`${demo}/a.jpg ${demo}/b.jpg`, "several-urls", `${demo}/a.jpg\n${demo}/b.jpg`],
  ["/a.jpg, /b.jpg", "several-urls", "/a.jpg\n/b.jpg"],
  ["/a.jpg,/b.jpg", "several-urls", "/a.jpg\n/b.jpg"],
  ["/a.jpg;/b.jpg", "several-urls", "/a.jpg\n/b.jpg"],
  ["/a.jpg | /b.jpg", "several-urls", "/a.jpg\n/b.jpg"],
  ["/a.jpg /b.jpg;\t/c.jpg", "several-urls", "/a.jpg\n/b.jpg\n/c.jpg"],
  ["/a.jpg\n/b", "several-urls", "/a.jpg\n/b"],
  ["https://elsewhere.example/shoe.jpg", "unknown-endpoint"],
  ["https://ik.imagekit.io/dmeo/shoe.jpg", "unknown-endpoint"],
  ["ftp://ik.imagekit.io/demo/shoe.jpg", "unsupported-scheme", `${demo}/shoe.jpg`],
  ["https://user:password@ik.imagekit.io/demo/shoe.jpg", "has-credentials", `${demo}/shoe.jpg`],
  [`${demo}/${"a".repeat(4_100)}.jpg`, "url-too-long"],
  ["/products/{{slug}}.jpg", "probably-a-mistake"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a program that failed to fill it in wrote it
  ["/products/${slug}.jpg", "probably-a-mistake"],
  [`${demo}/products/undefined`, "probably-a-mistake"],
  ["/products/[object Object]", "probably-a-mistake"],
  ["/demo/products/shoe.jpg", "probably-a-mistake", "/products/shoe.jpg"],
  ["/demo/shoe.jpg", "probably-a-mistake", "/shoe.jpg"],
];

test.each(refused.map(inFull))("%j is refused as %s", (input, code, suggestion) => {
  const [violation] = violationsOf(input);
  expect(violation).toMatchObject({ code });
  expect(violation?.suggestion).toBe(suggestion);
});

test("a path that grows too long with a transformation is refused", () => {
  const long = `/products/${"a".repeat(4_096 - "https://ik.imagekit.io/demo/products/.jpg*".length)}.jpg`;
  expect(violationsOf(long)).toEqual([expect.objectContaining({ code: "url-too-long" })]);
  expect(planImages([long], { profiles: [] }).targets).toHaveLength(1);
});

describe("an image whose endpoint is not certain is refused", () => {
  const endpoints = [
    { host: "ik.imagekit.io", path: "/demo" },
    { host: "ik.imagekit.io", path: "/demo/pattern" },
  ];

  test("a path without a profile, where several endpoints are configured", () => {
    const [violation] = violationsOf("/other/shoe.jpg", { endpoints });
    expect(violation).toMatchObject({ code: "ambiguous-endpoint" });
    expect(violation?.message).toContain("add a profile for its folder");
  });

  test("a path that begins with another endpoint's", () => {
    const profiles = [{ ...shop, paths: ["/"] }];
    const [violation] = violationsOf("/pattern/shoe.jpg", { endpoints, profiles });
    expect(violation).toMatchObject({ code: "ambiguous-endpoint" });
    expect(violation?.message).toContain("https://ik.imagekit.io/demo/pattern");
  });

  test("an endpoint of its profile that is no longer configured", () => {
    const profiles = [{ ...shop, endpoints: [demo, "https://old.shop.example"] }];
    const [violation] = violationsOf("/products/shoe.jpg", { profiles });
    expect(violation).toMatchObject({ code: "unknown-endpoint" });
    expect(violation?.message).toContain(
      'Change the profile "shop": its URL endpoint https://old.shop.example',
    );
  });
});

test("a message starts with what to do, and none shows a signature", () => {
  const inputs = [
    `${demo}/products/?ik-t=1700000000&ik-s=0a1b2c3d`,
    `x ${demo}/a.jpg?ik-s=0a1b2c3d`,
    "/a.jpg?ik-s=0a1b2c3d",
    `${demo}/tr:w-77/a.jpg?ik-s=0a1b2c3d*`,
  ];
  for (const input of inputs) {
    const violations = violationsOf(input);
    expect(JSON.stringify(violations)).not.toContain("0a1b2c3d");
    for (const { message } of violations) expect(message).toMatch(/^(?:Write|Name|Leave|Put|Remove) /);
  }
});
