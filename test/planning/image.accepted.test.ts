import { describe, expect, test } from "vitest";
import { demo, planImage, shop, targetsOf, warningsOf } from "./planned.ts";

const products = [
  "/products/shoe.jpg*",
  "/tr:w-400/products/shoe.jpg*",
  "/tr:w-640,c-at_max/products/shoe.jpg*",
  "/tr:w-750,c-at_max/products/shoe.jpg*",
];

test("an image of a profile has a wildcard for the original and for each path transformation, at each endpoint", () => {
  const endpoints = [
    { host: "ik.imagekit.io", path: "/demo" },
    { host: "images.shop.example", path: "" },
  ];
  const profile = {
    ...shop,
    endpoints: [demo, "https://images.shop.example"],
    transformations: ["tr:w-{1,2}"],
  };
  const line = planImage("/products/shoe.jpg", { endpoints, profiles: [profile] });
  expect(line).toMatchObject({
    image: "/products/shoe.jpg",
    profile: "shop",
    unitsWithQuery: 2,
    warnings: [],
  });
  expect(line.targets).toEqual(
    [
      `${demo}/products/shoe.jpg*`,
      `${demo}/tr:w-1/products/shoe.jpg*`,
      `${demo}/tr:w-2/products/shoe.jpg*`,
      "https://images.shop.example/products/shoe.jpg*",
      "https://images.shop.example/tr:w-1/products/shoe.jpg*",
      "https://images.shop.example/tr:w-2/products/shoe.jpg*",
    ].map((url) => ({ url, kind: "wildcard", verdict: "accepted" })),
  );
});

describe("any URL of an image names it", () => {
  test.each([
    `${demo}/products/shoe.jpg`,
    `${demo}/products/shoe.jpg?tr=w-300,h-200&v=2`,
    `${demo}/products/shoe.jpg?updatedAt=1700000000000`,
    `${demo}/products/shoe.jpg?ik-t=1700000000&ik-s=0a1b2c3d`,
    `${demo}/products/shoe.jpg#top`,
    `${demo}/tr:w-400/products/shoe.jpg`,
    `${demo}/tr:w-640,c-at_max/products/shoe.jpg?ik-obj-version=abc`,
    "HTTPS://IK.imagekit.io:443/demo/products/shoe.jpg",
    "/products/shoe.jpg",
    "/tr:w-400/products/shoe.jpg",
    "  /products/shoe.jpg\t",
  ])("a URL that the profile makes adds no target: %s", (input) => {
    const line = planImage(input);
    expect(line.image).toBe("/products/shoe.jpg");
    expect(targetsOf(input)).toEqual(products);
    expect(line.warnings.filter(({ severity }) => severity !== "note")).toEqual([]);
    expect(warningsOf(input)).not.toContain("not-in-profile");
  });

  test.each([
    ["an unprofiled transformation", "/tr:w-77/products/shoe.jpg"],
    ["a version of it", "/tr:w-77/products/shoe.jpg?v=3"],
    ["a chain", "/tr:w-400:rt-90/products/shoe.jpg"],
    ["a named one", "/tr:n-ik_ml_thumbnail/products/shoe.jpg"],
    ["an encoded colon", "/tr%3Aw-400/products/shoe.jpg"],
    ["two segments", "/tr:w-400/tr:h-300/products/shoe.jpg"],
    ["further on in the path", "/products/tr:w-400/shoe.jpg"],
    ["behind the file", "/products/shoe.jpg/tr:w-400"],
    ["a layer with a path", "/tr:l-image,i-logo/a.png,l-end/products/shoe.jpg"],
    ["a picture of it", "/products/shoe.jpg/ik-thumbnail.jpg"],
    ["another format", "/products/shoe.jpg/ik-video.mp4?tr=q-50"],
    ["a playlist", "/products/shoe.jpg/ik-master.m3u8"],
    ["a manifest", "/products/shoe.jpg/ik-master.mpd"],
    ["a name for search engines", "/ik-seo/products/shoe/red-shoe-for-summer.jpg"],
    ["with a transformation", "/ik-seo/tr:w-1/products/shoe/red-shoe.jpg"],
  ])("one that it does not make is one more target, exactly as given: %s", (_, given) => {
    const line = planImage(demo + given);
    expect(line.image).toBe("/products/shoe.jpg");
    expect(line.targets.map(({ url }) => url.replace(demo, ""))).toEqual([...products, given]);
    expect(line.targets.at(-1)).toMatchObject({ kind: "exact", verdict: "accepted" });
    expect(line.warnings.map(({ code, severity }) => [code, severity])).toEqual([["not-in-profile", "note"]]);
  });

  test("another scheme is another URL", () => {
    const given = "http://ik.imagekit.io/demo/products/shoe.jpg";
    expect(planImage(given).targets.map(({ url }) => url)).toEqual([
      ...products.map((path) => demo + path),
      given,
    ]);
  });

  test("a URL endpoint that the profile does not have is one more target", () => {
    const endpoints = [
      { host: "ik.imagekit.io", path: "/demo" },
      { host: "images.shop.example", path: "" },
    ];
    const given = "https://images.shop.example/products/shoe.jpg";
    expect(targetsOf(given, { endpoints })).toEqual([...products, given]);
    expect(warningsOf(given, { endpoints })).toEqual(["not-in-profile"]);
  });

  test("a path with an unprofiled transformation is one more target at each endpoint of its profile", () => {
    expect(targetsOf("/tr:w-77/products/shoe.jpg")).toEqual([...products, "/tr:w-77/products/shoe.jpg"]);
  });
});

describe("without a profile", () => {
  test("an image has the endpoint of its URL and no transformations, and the line says so", () => {
    const endpoints = [
      { host: "ik.imagekit.io", path: "/demo" },
      { host: "images.shop.example", path: "" },
    ];
    const line = planImage("https://images.shop.example/a/b.png?v=1", { endpoints, profiles: [] });
    expect(line).toEqual({
      line: 1,
      input: "https://images.shop.example/a/b.png?v=1",
      verdict: "image",
      image: "/a/b.png",
      profile: undefined,
      targets: [{ url: "https://images.shop.example/a/b.png*", kind: "wildcard", verdict: "accepted" }],
      unitsWithQuery: 1,
      warnings: [expect.objectContaining({ code: "no-profile", severity: "note" })],
    });
  });

  test("a path has the only endpoint", () => {
    expect(targetsOf("/other/a.jpg")).toEqual(["/other/a.jpg*"]);
  });

  test("a transformed URL is one more target", () => {
    const input = `${demo}/tr:w-1/other/a.jpg`;
    expect(targetsOf(input)).toEqual(["/other/a.jpg*", "/tr:w-1/other/a.jpg"]);
    expect(warningsOf(input)).toEqual(["no-profile", "not-in-profile"]);
  });
});

describe("a name that other names begin with", () => {
  const names = ["/products/a", "/products/v1.2", "/products/shoe.jp"];

  test.each(names)("gets exact URLs, without the scope for wildcards: %s", (path) => {
    expect(targetsOf(path)).toEqual([
      path,
      `/tr:w-400${path}`,
      `/tr:w-640,c-at_max${path}`,
      `/tr:w-750,c-at_max${path}`,
    ]);
    expect(warningsOf(path)).toEqual(["exact-only"]);
    expect(planImage(path).unitsWithQuery).toBe(4);
  });

  test.each(names)("gets wildcards with it, and the line says that they clear neighbours: %s", (path) => {
    expect(targetsOf(path, { mayUseWildcards: true })).toEqual([
      `${path}*`,
      `/tr:w-400${path}*`,
      `/tr:w-640,c-at_max${path}*`,
      `/tr:w-750,c-at_max${path}*`,
    ]);
    expect(warningsOf(path, { mayUseWildcards: true })).toEqual(["clears-neighbours"]);
  });

  test.each(["/abc", "/short", "/s/files/a", "/media/catalog/a"])(
    "gets exact URLs where ImageKit might refuse the wildcard: %s",
    (path) => {
      expect(targetsOf(path, { mayUseWildcards: true, profiles: [] })).toEqual([path]);
    },
  );

  test("gets the exact URL where its wildcard would reach into another URL endpoint", () => {
    const endpoints = [
      { host: "ik.imagekit.io", path: "/demo" },
      { host: "ik.imagekit.io", path: "/demo/a-long-pattern-name" },
    ];
    const request = { endpoints, profiles: [], mayUseWildcards: true };
    expect(targetsOf(`${demo}/a-long-pattern-na`, request)).toEqual(["/a-long-pattern-na"]);
    expect(targetsOf(`${demo}/a-long-pattern-nu`, request)).toEqual(["/a-long-pattern-nu*"]);
  });

  test("a query in its URL is one more target, because the exact URL does not clear it", () => {
    expect(targetsOf(`${demo}/other/a?tr=w-1`)).toEqual(["/other/a", "/other/a?tr=w-1"]);
  });
});

describe("a name that ends in an extension of an image, a video or a PDF", () => {
  test.each([
    ...[
      "avif",
      "gif",
      "heic",
      "jpeg",
      "JPG",
      "png",
      "svg",
      "tiff",
      "webp",
      "mp4",
      "mov",
      "webm",
      "pdf",
      "psd",
    ],
  ])("names one file, so that its wildcard needs no scope: .%s", (extension) => {
    expect(targetsOf(`/a.${extension}`, { profiles: [] })).toEqual([`/a.${extension}*`]);
  });

  test("also in the folders whose wildcards ImageKit does not support, with a note about the doubt", () => {
    const path = "/media/catalog/product/d/6/shoe.jpg";
    expect(targetsOf(path)).toEqual([`${path}*`]);
    expect(warningsOf(path)).toEqual(["wildcard-folder-unclear", "no-profile"]);
    expect(targetsOf(`${demo}${path}?v=2`)).toEqual([`${path}*`]);
  });
});

describe("a path is sent as a browser would request it", () => {
  test.each([
    ["/products/é x.jpg", "/products/%C3%A9%20x.jpg"],
    ["/products/{a}^`.jpg", "/products/%7Ba%7D^%60.jpg"],
    ["/products/👟.jpg", "/products/%F0%9F%91%9F.jpg"],
  ])("%s is the image %s", (input, image) => {
    expect(planImage(input).image).toBe(image);
    expect(warningsOf(input)).toContain("percent-encoded");
  });

  test.each([
    "/products/%C3%A9%20x.jpg",
    "/products/a+b (1).jpg".replaceAll(" ", "%20"),
    "/products/100%25.jpg",
  ])("an encoded path stays as it is: %s", (input) => {
    expect(planImage(input)).toMatchObject({ image: input, profile: "shop", warnings: [] });
  });
});

describe("the profile of an image", () => {
  const profiles = [
    { ...shop, name: "all", paths: ["/"], transformations: [] },
    { ...shop, name: "products", paths: ["/products/", "/gr%C3%BCn/"], transformations: [] },
    { ...shop, name: "autumn", paths: ["/products/autumn/"], transformations: [] },
  ];
  test.each([
    ["/shoe.jpg", "all"],
    ["/products.jpg", "all"],
    ["/products-old/shoe.jpg", "all"],
    ["/Products/shoe.jpg", "all"],
    ["/products/shoe.jpg", "products"],
    ["/products/autumn.jpg", "products"],
    ["/products/autumn/shoe.jpg", "autumn"],
    ["/products/autumn/red/shoe.jpg", "autumn"],
    ["/grün/shoe.jpg", "products"],
    ["/gr%c3%bcn/shoe.jpg", "products"],
    [`${demo}/tr:w-1/products/autumn/shoe.jpg`, "autumn"],
  ])("is the one with the longest path that it begins with: %s has %s", (input, name) => {
    for (const order of [profiles, [...profiles].reverse()]) {
      expect(planImage(input, { profiles: order }).profile).toBe(name);
    }
  });
});

test("a mistake is refused, and planned if the caller wants it sent", () => {
  const input = "/products/undefined";
  expect(() => planImage(input)).toThrow("probably-a-mistake");
  expect(planImage(input, { onMistake: "send" }).warnings).toContainEqual(
    expect.objectContaining({ code: "unfilled-value", severity: "mistake" }),
  );
});

describe("a folder of the same name as the URL endpoint's path", () => {
  test("can be named by a URL", () => {
    expect(planImage(`${demo}/demo/shoe.jpg`).image).toBe("/demo/shoe.jpg");
  });

  test("can be named by a path if a profile has it", () => {
    const profiles = [{ ...shop, paths: ["/demo/products/"], transformations: [] }];
    expect(targetsOf("/demo/products/shoe.jpg", { profiles })).toEqual(["/demo/products/shoe.jpg*"]);
  });

  test("can be named by a path if the caller wants it sent", () => {
    expect(warningsOf("/demo/shoe.jpg", { onMistake: "send" })).toContain("endpoint-in-path");
  });
});

test("what was pasted behind a path is a caution, with the path that was probably meant", () => {
  expect(planImage("/products/shoe.jpg,").warnings).toContainEqual(
    expect.objectContaining({ code: "stray-text", severity: "caution", suggestion: "/products/shoe.jpg" }),
  );
});

test("a # that probably belongs to the name in a URL is a caution, with the URL that was probably meant", () => {
  expect(planImage(`${demo}/products/shoe#2.jpg`).warnings).toContainEqual(
    expect.objectContaining({
      code: "mark-in-name",
      severity: "caution",
      suggestion: `${demo}/products/shoe%232.jpg`,
    }),
  );
});

test("a file whose wildcard would reach into another URL endpoint gets the exact URL there", () => {
  const endpoints = [
    { host: "ik.imagekit.io", path: "/demo" },
    { host: "ik.imagekit.io", path: "/demo/shoe.jpg-files" },
    { host: "images.shop.example", path: "" },
  ];
  const profile = {
    ...shop,
    paths: ["/"],
    endpoints: [demo, "https://images.shop.example"],
    transformations: [],
  };
  const line = planImage("/shoe.jpg", { endpoints, profiles: [profile] });
  expect(line.targets.map(({ url, kind }) => [url, kind])).toEqual([
    [`${demo}/shoe.jpg`, "exact"],
    ["https://images.shop.example/shoe.jpg*", "wildcard"],
  ]);
  expect(line.warnings.map(({ code }) => code)).toEqual(["exact-only"]);
});
