import { expect, test } from "vitest";
import type { Profile } from "../../src/domain/profile.ts";
import { checkProfile } from "../../src/planning/check-profile.ts";
import { endpoints } from "../rules/plan-line.ts";
import { demo, shop } from "./planned.ts";

function faultsOf(profile: Partial<Profile>, others: readonly Profile[] = []) {
  const check = checkProfile({ ...shop, ...profile }, others, endpoints);
  return "faults" in check ? check.faults : [];
}

const others = [{ ...shop, name: "sale", paths: ["/sale/", "/gr%C3%BCn/"] }];

test.each(["", "Shop", "shop_1", "a b", "a".repeat(33), "größe", "shop\n"])(
  "the name %j is refused",
  (name) => {
    expect(faultsOf({ name })).toEqual([
      { at: "/name", message: "Name the profile with 1 to 32 of a-z, 0-9 and -." },
    ]);
  },
);

test.each([
  ["", "such as /products/"],
  ["products/", 'Begin the path with /: "/products/".'],
  [`${demo}/products/`, "only the part after the URL endpoint"],
  ["/products/*", "Remove the *"],
  ["/products?", "Remove the ?"],
  ["/products#a", "Remove the #"],
  ["/products\\", "Remove the \\"],
  ["/products/../", '"."'],
  ["/a//b/", 'Write one slash: "/a/b/".'],
  ["/a%2Fb/", "Write / instead of %2F"],
  ["/tr:w-400/products/", 'Move "tr:w-400" to the transformations'],
  ["/products/shoe.jpg", 'Write the folder, "/products/", instead of one file.'],
  ["/a\u0000b/", "control characters"],
  ["/\ud800/", "control characters"],
  [`/${"a".repeat(4_096)}/`, "Shorten the path"],
  ["/sale", 'Choose another path: "/sale/" belongs to the profile "sale".'],
  ["/grün/", 'belongs to the profile "sale"'],
])("the path %j is refused: %s", (path, message) => {
  const faults = faultsOf({ paths: ["/products/", path] }, others);
  expect(faults).toEqual([{ at: "/paths/1", message: expect.stringContaining(message) }]);
});

test.each([
  ["https://elsewhere.example", "Use a configured URL endpoint (https://ik.imagekit.io/demo/, "],
  ["https://ik.imagekit.io/Demo", "is none"],
  ["ik.imagekit.io/demo", "is none"],
  ["", "is none"],
  [demo, `Remove it: ${demo} is in the list already.`],
  [`${demo}/`, "is in the list already"],
])("the URL endpoint %j is refused: %s", (endpoint, message) => {
  const faults = faultsOf({ endpoints: [demo, endpoint] });
  expect(faults).toEqual([{ at: "/endpoints/1", message: expect.stringContaining(message) }]);
});

test.each([
  ["w-400", 'Write tr: before it: "tr:w-400".'],
  ["", "Write tr: before it"],
  ["TR-w-400", "Write tr: before it"],
  ["tr:", "Complete the transformation after tr:"],
  ["?tr=w-400", "query transformations (?tr=…) are cleared with the original"],
  ["tr=w-400", "query transformations (?tr=…) are cleared with the original"],
  ["/tr:w-400/", 'Write "tr:w-400", without a slash around it.'],
  ["tr:w-400/tr:h-300", "Remove the /"],
  ["tr:l-image,i-folder/logo.png,l-end", "write @@ for /"],
  ["tr:w-{400", "Close each { with a }"],
  ["tr:w-400}", "Close each { with a }"],
  ["tr:w-{400,{800}}", "Close each { with a }"],
  ["tr:w-{400,800},h-{1,2}", "Use one list"],
  ["tr:w-{}", "at least two values"],
  ["tr:w-{400}", "at least two values"],
  ["tr:w-{400,}", "at least two values"],
  ["tr:w-400?v=1", "Remove or percent-encode the ?"],
  ["tr:w-400#a", "Remove or percent-encode the #"],
  ["tr:w-*", "Remove or percent-encode the *"],
  ["tr:w 400", "white space"],
  ["tr:w-\u0000", "control characters"],
  ["tr:l-image,i-logo.png", "End each layer with l-end"],
  ["tr:w%2F..%2F..%2Fx", "Write the path without"],
  [`tr:${"w".repeat(198)}`, "it has 201 characters, and the limit is 200"],
  ["tr:w-400", 'Remove "tr:w-400": /transformations/0 has it already.'],
  ["tr:w-{300,400}", 'Remove "tr:w-400": /transformations/0 has it already.'],
  ["tr:w-{300,300}", 'Remove "tr:w-300": /transformations/1 has it already.'],
])("the path transformation %j is refused: %s", (transformation, message) => {
  const faults = faultsOf({ transformations: ["tr:w-400", transformation] });
  expect(faults).toEqual([{ at: "/transformations/1", message: expect.stringContaining(message) }]);
});

test("all faults are told at once", () => {
  const faults = faultsOf({
    name: "",
    paths: ["a", "/b/", "/b"],
    endpoints: [],
    transformations: ["w-1", "tr:"],
  });
  expect(faults.map(({ at }) => at)).toEqual([
    "/name",
    "/paths/0",
    "/paths/2",
    "/endpoints",
    "/transformations/0",
    "/transformations/1",
  ]);
});

test("a profile needs a path and a URL endpoint", () => {
  expect(faultsOf({ paths: [], endpoints: [] }).map(({ at, message }) => `${at}: ${message}`)).toEqual([
    "/paths: Add a path: the folder of the images, such as /products/, or / for all.",
    expect.stringContaining("/endpoints: Add a URL endpoint (https://ik.imagekit.io/demo/, "),
  ]);
});

test.each([
  ["50 path transformations", [demo], Array.from({ length: 50 }, (_, width) => `tr:w-${width}`), 51],
  ["a list of 50", [demo], [`tr:w-{${Array.from({ length: 50 }, (_, width) => width).join(",")}}`], 51],
  [
    "25 at two URL endpoints",
    [demo, "https://images.shop.example"],
    [`tr:w-{${"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24"},25}`],
    52,
  ],
  ["200,000 of them", [demo], Array.from({ length: 200_000 }, () => "tr:w-1"), 200_001],
])("more than 50 targets an image are refused, with the number: %s", (_, urls, transformations, targets) => {
  const faults = faultsOf({ endpoints: urls, transformations });
  expect(faults.at(-1)).toEqual({
    at: "/transformations",
    message: expect.stringMatching(new RegExp(`would cost ${targets} units .* the limit is 50\\.$`, "u")),
  });
});

test("a 51st profile is refused, and a change of one of 50 is not", () => {
  const fifty = Array.from({ length: 50 }, (_, index) => ({
    ...shop,
    name: `p${index}`,
    paths: [`/p${index}/`],
  }));
  expect(faultsOf({}, fifty)).toEqual([
    { at: "", message: "Delete a profile first: there are 50, and the limit is 50." },
  ]);
  expect(faultsOf({ name: "p7" }, fifty)).toEqual([]);
});

test("profiles of more than 64 kB together are refused, with the number", () => {
  const path = `/${"a".repeat(4_000)}`;
  const large = Array.from({ length: 15 }, (_, index) => ({
    ...shop,
    name: `p${index}`,
    paths: [`${path}${index}/`],
  }));
  expect(faultsOf({}, large)).toEqual([]);
  expect(faultsOf({ paths: [`${path}x/`] }, large)).toEqual([
    {
      at: "",
      message: expect.stringMatching(
        /^Shorten the profiles: together they would have 6\d{4} bytes, .* 64000/u,
      ),
    },
  ]);
});

test("more than 200 paths of a profile are refused", () => {
  const paths = Array.from({ length: 201 }, (_, index) => `/p${index}/`);
  expect(faultsOf({ paths })).toEqual([{ at: "/paths", message: "Leave at most 200 paths: there are 201." }]);
});
