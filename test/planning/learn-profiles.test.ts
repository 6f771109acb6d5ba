import { describe, expect, test } from "vitest";
import { checkProfile } from "../../src/planning/check-profile.ts";
import { learnProfiles } from "../../src/planning/learn-profiles.ts";
import { planRequest } from "../../src/planning/plan-request.ts";
import type { UrlEndpoint } from "../../src/rules/url-endpoint.ts";
import { demo } from "./planned.ts";

const endpoints: readonly UrlEndpoint[] = [
  { host: "ik.imagekit.io", path: "/demo" },
  { host: "images.shop.example", path: "" },
];
const learn = (text: string, known = endpoints) => learnProfiles(text, known);
const profilesIn = (text: string, known = endpoints) =>
  learn(text, known).profiles.map(({ paths, transformations }) => [paths.join(" "), ...transformations]);
const inLines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

describe("the path transformations that real pages use are learned", () => {
  test.each([
    [
      "a srcset of a lazy loader, not split at the commas within a transformation",
      `<img data-srcset="${demo}/tr:q-15,w-300,fo-bottom/mango.jpg 300w,
         ${demo}/tr:q-70,w-380,fo-bottom,c-maintain_ratio/mango.jpg 380w,
         ${demo}/tr:q-70,w-512,fo-bottom,c-maintain_ratio/mango.jpg 512w," src="${demo}/tr:q-70,w-960,fo-bottom,c-maintain_ratio/mango.jpg">`,
      ["/", "tr:q-15,w-300,fo-bottom", "tr:q-70,w-{380,512,960},fo-bottom,c-maintain_ratio"],
    ],
    [
      "a srcset without spaces",
      `<img srcset="${demo}/tr:w-400,h-300/a.jpg 400w,${demo}/tr:w-800,h-600/a.jpg 800w">`,
      ["/", "tr:w-400,h-300", "tr:w-800,h-600"],
    ],
    [
      "the current SDKs' srcset, which costs nothing more",
      `<img srcset="${demo}/a.jpg?tr=w-640,c-at_max 640w, ${demo}/a.jpg?tr=w-750,c-at_max 750w" src="${demo}/a.jpg?tr=w-3840,c-at_max">`,
      ["/"],
    ],
    [
      "Next's image optimizer, in HTML",
      `<img srcSet="/_next/image?url=https%3A%2F%2Fik.imagekit.io%2Fdemo%2Ftr%3Aw-800%2Fstatic%2Flogo.png%3FupdatedAt%3D1&amp;w=128&amp;q=75 1x, /_next/image?url=https%3A%2F%2Fik.imagekit.io%2Fdemo%2Ftr%3Aw-800%2Fstatic%2Flogo.png&amp;w=256&amp;q=75 2x">`,
      ["/", "tr:w-800"],
    ],
    [
      "Next's image optimizer, with the URL last",
      "https://www.shop.example/_next/image?q=75&w=3840&url=https%3A%2F%2Fik.imagekit.io%2Fdemo%2Ftr%3Aw-9%2Fa.jpg",
      ["/", "tr:w-9"],
    ],
    [
      "JSON with escaped slashes",
      `{"image":"${demo}/tr:w-400,h-300/p/a.jpg?v=1\\u0026x=2"}`.replaceAll("/", "\\/"),
      ["/", "tr:w-400,h-300"],
    ],
    ["style sheets", `.a{background:url('${demo}/tr:w-1600/hero.png') no-repeat}`, ["/", "tr:w-1600"]],
    [
      "a sitemap",
      `<url><loc>https://shop.example/</loc><image:image><image:loc>${demo}/tr:n-large/a.jpg?v=1&amp;x=2</image:loc></image:image></url>`,
      ["/", "tr:n-large"],
    ],
    ["a table", `A1;${demo}/tr:w-400/a.jpg;12,00\nA2;${demo}/tr:w-800/b.jpg;9`, ["/", "tr:w-{400,800}"]],
    [
      "an access log that names the path alone",
      `192.0.2.1 - - [26/Nov/2026:00:00:00 +0000] "GET /demo/tr:w-400/products/a.jpg?v=1 HTTP/1.1" 200 123 "https://shop.example/" "Mozilla/5.0"`,
      ["/", "tr:w-400"],
    ],
    [
      "CloudFront's log of a custom domain",
      "2026-11-26\t00:00:00\tFRA2\t123\t192.0.2.1\tGET\td111111.cloudfront.net\t/tr:w-7/products/a.jpg\t200\t-",
      ["/", "tr:w-7"],
    ],
    [
      "a chain and a layer",
      `${demo}/tr:w-4:rt-90/a.jpg ${demo}/tr:l-text,i-Hi,l-end/a.jpg`,
      ["/", "tr:w-4:rt-90", "tr:l-text,i-Hi,l-end"],
    ],
    ["names without an extension", `${demo}/tr:w-4/herolanding?updatedAt=1`, ["/", "tr:w-4"]],
    ["the media library's thumbnails", `${demo}/tr:n-ik_ml_thumbnail/a.jpg`, ["/", "tr:n-ik_ml_thumbnail"]],
  ])("from %s", (_, text, profile) => {
    expect(profilesIn(text)).toEqual([profile]);
  });
});

describe("folders", () => {
  test("whose images are shown alike are one profile, up to / if all are", () => {
    expect(
      profilesIn(`${demo}/tr:w-4/products/a.jpg ${demo}/tr:w-4/banners/red/b.jpg ${demo}/tr:w-4/c.jpg`),
    ).toEqual([["/", "tr:w-4"]]);
  });

  test("that differ have profiles of their own, and those that are alike share one", () => {
    const text = `
      ${demo}/tr:w-4/shoes/a.jpg ${demo}/tr:w-8/shoes/a.jpg ${demo}/tr:w-4/shirts/red/a.jpg ${demo}/tr:w-8/shirts/blue/a.jpg
      ${demo}/banners/a.jpg ${demo}/tr:n-post/blog/2026/a.jpg`;
    expect(learn(text).profiles).toEqual([
      {
        name: "shirts",
        paths: ["/shirts/", "/shoes/"],
        endpoints: [demo],
        transformations: ["tr:w-{4,8}"],
        seen: { "tr:w-4": 2, "tr:w-8": 2, [demo]: 4 },
      },
      { name: "banners", paths: ["/banners/"], endpoints: [demo], transformations: [], seen: { [demo]: 1 } },
      {
        name: "blog",
        paths: ["/blog/"],
        endpoints: [demo],
        transformations: ["tr:n-post"],
        seen: { "tr:n-post": 1, [demo]: 1 },
      },
    ]);
  });

  test("within a folder stand for other images, not other kinds, as in Magento's two letters", () => {
    const text = inLines(40, (index) => {
      const [width, letter] = [[400, 800][index % 2], "abcdefg"[index % 7]];
      return `${demo}/tr:w-${width}/media/catalog/product/${letter}/${index % 9}/x${index}.jpg\n${demo}/media/wysiwyg/${index}.jpg`;
    });
    expect(profilesIn(text)).toEqual([["/media/catalog/", "tr:w-{400,800}"], ["/media/wysiwyg/"]]);
  });

  test("in great number, each with one image, are one kind", () => {
    const text = inLines(60, (index) => `${demo}/tr:w-${index % 3}/SKU${index}/1.jpg`);
    expect(profilesIn(text)).toEqual([["/", "tr:w-{0,1,2}"]]);
  });

  test("are told apart where enough images show it", () => {
    const text = inLines(
      20,
      (index) => `${demo}/tr:w-4/media/shoes/${index}.jpg ${demo}/media/icons/${index}.jpg`,
    );
    expect(profilesIn(text)).toEqual([["/media/shoes/", "tr:w-4"], ["/media/icons/"]]);
  });

  test("with encoded names keep them", () => {
    expect(learn(`${demo}/a/x.jpg ${demo}/tr:w-1/gr%c3%bcn/red%20shoe.jpg`).profiles.at(-1)).toMatchObject({
      paths: ["/gr%C3%BCn/"],
    });
  });
});

test("each profile counts what was seen, the most frequent first, so that a stray one shows", () => {
  const text = `${inLines(9, (index) => `${demo}/tr:w-400/${index}.jpg`)} ${demo}/tr:w-399/1.jpg ${demo}/tr:q-5/1.jpg`;
  const [profile] = learn(text).profiles;
  expect(Object.entries(profile?.seen ?? {})).toEqual([
    ["tr:w-400", 9],
    ["tr:w-399", 1],
    ["tr:q-5", 1],
    [demo, 11],
  ]);
  expect(learn(text).urls).toBe(11);
});

test("images on two hosts have both, the more frequent first", () => {
  const text = `${demo}/a.jpg https://images.shop.example/a.jpg https://images.shop.example/b.jpg`;
  expect(learn(text).profiles.map((one) => one.endpoints)).toEqual([["https://images.shop.example", demo]]);
});

test("at most 50 targets an image are kept, the most used, and the rest is told", () => {
  const text = `${inLines(60, (index) => `${demo}/tr:w-${index}/a.jpg `.repeat(index < 10 ? 1 : 2))}`;
  const { profiles, ignored } = learn(text);
  expect(profiles).toHaveLength(1);
  expect(Object.keys(profiles[0]?.seen ?? {})).toHaveLength(49 + 1);
  expect(profiles[0]?.seen["tr:w-0"]).toBeUndefined();
  expect(ignored).toEqual([
    {
      why: expect.stringContaining("Beyond the limit of 50 targets an image"),
      count: 12,
      example: "tr:w-59",
    },
  ]);
});

test("at most 50 profiles are made, of the most used folders, and the rest is told", () => {
  const text = inLines(300, (index) => `${demo}/tr:n-t${index % 60}/f${index % 60}/${index}.jpg`);
  const { profiles, ignored } = learn(text);
  expect(profiles).toHaveLength(50);
  expect(ignored).toEqual([
    { why: expect.stringContaining("too many folders"), count: 50, example: "/f50/" },
  ]);
});

describe("what is not learned from is told, with its number and an example", () => {
  test.each([
    ["another host", "https://shop.example/a.jpg", "Not under a configured URL endpoint."],
    ["another account", "https://ik.imagekit.io/other/a.jpg", "At ImageKit, but not under"],
    ["a folder", `${demo}/products/`, "Names no file."],
    ["the endpoint", `${demo}/`, "Names no file."],
    ["a placeholder", `${demo}/products/{{slug}}.jpg`, "placeholder"],
    ["a style sheet", `${demo}/theme/a.css`, "Not an image"],
    ["a transformation behind the file", `${demo}/a.jpg/tr:w-1`, "behind the file"],
    [
      "a transformation further on",
      `${demo}/media/tr:w-1/a.jpg`,
      "configure the URL endpoint with that folder",
    ],
    ["several segments", `${demo}/tr:w-1/tr:h-1/a.jpg`, "Several path transformations"],
    ["a picture of a video", `${demo}/a.mp4/ik-thumbnail.jpg`, "Made from a video"],
    ["a name for search engines", `${demo}/ik-seo/a/red.jpg`, "ik-seo"],
    ["an empty transformation", `${demo}/tr:/a.jpg`, "Names no file.|cannot have"],
  ])("%s: %s", (_, url, why) => {
    const { profiles, urls, ignored } = learn(`${url} ${url}`);
    expect([profiles, urls]).toEqual([[], 0]);
    expect(ignored).toEqual([{ why: expect.stringMatching(why), count: 2, example: url }]);
  });

  test("no example shows a signature, and a long one is cut", () => {
    const { ignored } = learn(
      `https://shop.example/?a=b&ik-s=0a1b2c3d ${demo}/p/?ik-t=1700000000&ik-s=0a1b2c3d ${demo}/${"a".repeat(300)}/`,
    );
    expect(JSON.stringify(ignored)).not.toContain("0a1b2c3d");
    for (const { example } of ignored) expect(example.length).toBeLessThanOrEqual(200);
  });

  test("no example hides a character", () => {
    const [ignored] = learn("https://shop.example/\u202egpj.exe").ignored;
    expect(ignored?.example).toBe("https://shop.example/‹U+202E›gpj.exe");
  });

  test("a request that a log names by its whole URL counts once", () => {
    expect(learn(`"GET ${demo}/tr:w-1/a.jpg HTTP/1.1" 200`).urls).toBe(1);
  });

  test("an access log between several hosts says nothing", () => {
    const hosts = ["a.shop.example", "b.shop.example"].map((host) => ({ host, path: "" }));
    expect(learn("GET /tr:w-1/a.jpg HTTP/1.1", hosts)).toEqual({ profiles: [], urls: 0, ignored: [] });
  });

  test("the files of a shop's own site in its log are not taken for images at ImageKit", () => {
    expect(learn('"GET /assets/logo.png HTTP/1.1" 200')).toEqual({ profiles: [], urls: 0, ignored: [] });
  });
});

test.each([
  ["nothing", ""],
  ["binary", String.fromCharCode(...Array.from({ length: 5_000 }, (_, index) => (index * 7_919) % 65_536))],
  ["text without URLs", "GET / HTTP/1.1\nhello"],
])("nothing is learned from %s", (_, text) => {
  expect(learn(text)).toEqual({ profiles: [], urls: 0, ignored: [] });
});

test("what was learned clears every image of the text as its URLs show it", () => {
  const urls = [
    `${demo}/tr:w-400,h-300/shoes/a.jpg`,
    `${demo}/tr:w-800,h-300/shoes/b.jpg?v=1`,
    `${demo}/shoes/b.jpg`,
    `${demo}/tr:n-post/blog/c.png`,
    "https://images.shop.example/tr:n-post/blog/c.png",
  ];
  const { profiles } = learn(urls.join("\n"));
  for (const [index, profile] of profiles.entries()) {
    expect(checkProfile(profile, profiles.slice(0, index), endpoints)).toHaveProperty("profile");
  }
  const plan = planRequest(
    { urls: [], images: urls, cover: [] },
    { endpoints, profiles, mayUseWildcards: false },
  );
  for (const line of plan.lines) if (line.verdict === "image") expect(line.warnings).toEqual([]);
  expect(plan.lines.map(({ verdict }) => verdict)).toEqual([
    "image",
    "image",
    "duplicate",
    "image",
    "duplicate",
  ]);
});
