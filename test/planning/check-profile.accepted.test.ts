import { expect, test } from "vitest";
import type { Profile } from "../../src/domain/profile.ts";
import { checkProfile, profilePrice } from "../../src/planning/check-profile.ts";
import { endpoints } from "../rules/plan-line.ts";
import { demo, shop } from "./planned.ts";

function checked(profile: Partial<Profile>, others: readonly Profile[] = []): Profile {
  const check = checkProfile({ ...shop, ...profile }, others, endpoints);
  if ("faults" in check) throw new Error(JSON.stringify(check.faults));
  return check.profile;
}

test("a profile that is written as it is stored stays as it is", () => {
  expect(checked({})).toEqual(shop);
});

test("only what belongs to a profile is stored", () => {
  const stored = { ...shop, version: 3, changedAt: 1, changedBy: "admin" };
  const check = checkProfile(stored, [], endpoints);
  expect(check).toEqual({ profile: shop });
});

test.each([
  ["/", "/"],
  ["/products", "/products/"],
  [" /products/ ", "/products/"],
  ["/grün", "/gr%C3%BCn/"],
  ["/gr%c3%bcn/", "/gr%C3%BCn/"],
  ["/red shoes/", "/red%20shoes/"],
  ["/v1.2", "/v1.2/"],
])("the path %j is stored as the folder %j", (written, path) => {
  expect(checked({ paths: [written] }).paths).toEqual([path]);
});

test.each([
  [`${demo}/`, demo],
  ["HTTPS://IK.ImageKit.io:443/demo", demo],
  ["http://ik.imagekit.io/demo", "http://ik.imagekit.io/demo"],
  [`${demo}/pattern`, `${demo}/pattern`],
  ["https://images.shop.example/", "https://images.shop.example"],
  ["https://bücher.example", "https://xn--bcher-kva.example"],
])("the URL endpoint %s is stored as %s", (written, url) => {
  expect(checked({ endpoints: [written] }).endpoints).toEqual([url]);
});

test.each([
  "tr:w-400",
  "tr:w-400,h-300,c-at_max",
  "tr:w-400:rt-90",
  "tr:n-ik_ml_thumbnail",
  "tr%3Aw-400",
  "tr:w-{400,800}",
  "tr:w-auto,dpr-{1,2,3}",
  "tr:{w-400,n-card}",
  "tr:l-image,i-folder@@logo.png,w-10,l-end:w-300",
  "tr:l-text,ie-SGVsbG8%3D,fs-50,l-end",
  "tr:ot-My%20Title,otc-FFFFFF",
  `tr:${"w-400,".repeat(32)}h-300`.slice(0, 200),
])("the path transformation %s is accepted as it is", (transformation) => {
  expect(checked({ transformations: [transformation] }).transformations).toEqual([transformation]);
});

test("a path transformation is percent-encoded as in a URL, its list aside", () => {
  expect(checked({ transformations: ["tr:l-text,i-Größe,fs-{10,20},l-end"] }).transformations).toEqual([
    "tr:l-text,i-Gr%C3%B6%C3%9Fe,fs-{10,20},l-end",
  ]);
});

test("a profile without path transformations is one", () => {
  expect(checked({ transformations: [] }).transformations).toEqual([]);
});

test("exactly 50 targets an image are accepted, however they are made", () => {
  const widths = Array.from({ length: 24 }, (_, index) => `${index + 1}`);
  const two = [demo, "https://images.shop.example"];
  const profile = checked({ endpoints: two, transformations: [`tr:w-{${widths.join(",")}}`] });
  expect(profilePrice(profile)).toEqual({ units: 50, unitsWithQuery: 2 });
});

test("a profile may keep the paths that it has, and be the 50th", () => {
  const others = Array.from({ length: 49 }, (_, index) => ({
    ...shop,
    name: `p${index}`,
    paths: [`/p${index}/`],
  }));
  expect(checked({}, [...others, shop])).toEqual(shop);
  expect(checked({}, others)).toEqual(shop);
});

test.each<readonly [Partial<Profile>, units: number, unitsWithQuery: number]>([
  [{}, 4, 1],
  [{ transformations: [] }, 1, 1],
  [{ endpoints: [demo, "https://images.shop.example"] }, 8, 2],
])(
  "the price of an image of the profile with %j is %d, or %d with ?tr=",
  (profile, units, unitsWithQuery) => {
    expect(profilePrice({ ...shop, ...profile })).toEqual({ units, unitsWithQuery });
  },
);
