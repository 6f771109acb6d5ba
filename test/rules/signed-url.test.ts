import fc from "fast-check";
import { expect, test } from "vitest";
import { maskSignature } from "../../src/rules/signed-url.ts";
import { propertyRuns } from "../support/property-runs.ts";

const url = "https://ik.imagekit.io/demo/a.jpg";

test.each([
  [`${url}?ik-t=1700000000&ik-s=0a1b2c`, `${url}?ik-t=masked&ik-s=masked`],
  [`${url}?tr=w-1&ik-s=0a1b2c&v=1`, `${url}?tr=w-1&ik-s=masked&v=1`],
  [`${url}?ik-s=a&ik-s=b`, `${url}?ik-s=masked&ik-s=masked`],
  [`${url}?IK-S=0a1b2c`, `${url}?IK-S=masked`],
  [`${url}?%69k-s=0a1b2c&ik%2D%74=17`, `${url}?%69k-s=masked&ik%2D%74=masked`],
  [`${url}?%2569k-s=0a1b2c`, `${url}?%2569k-s=masked`],
  [`${url}?ik-s=0a%26b/c'd(e);f?g=h`, `${url}?ik-s=masked`],
  [`${url}?ik-s=0a1b2c*`, `${url}?ik-s=masked*`],
  [`${url}?ik-s=0a*1b2c*`, `${url}?ik-s=masked*`],
  [`${url}?ik-s=0a1b2c#ik-t=17`, `${url}?ik-s=masked#ik-t=masked`],
  [`?ik-s=0a1b2c`, `?ik-s=masked`],
  [`ik-s=0a1b2c`, `ik-s=masked`],
  [`not a url: ik-s=0a1b2c, ik-t=17 it is`, `not a url: ik-s=masked ik-t=masked it is`],
  [`{"url":"${url}?ik-s=0a1b2c","x":1}`, `{"url":"${url}?ik-s=masked","x":1}`],
  [`${url}?v=1;ik-s=0a1b2c`, `${url}?v=1;ik-s=masked`],
  [
    `https://x.example/?u=https%3A%2F%2Fik.imagekit.io%2Fdemo%2Fa.jpg%3Fik-t%3D17%26ik-s%3D0a1b%26v%3D1`,
    `https://x.example/?u=https%3A%2F%2Fik.imagekit.io%2Fdemo%2Fa.jpg%3Fik-t%3Dmasked%26ik-s%3Dmasked%26v%3D1`,
  ],
])("masking changes only the values of ik-s and ik-t: %s becomes %s", (given, masked) => {
  expect(maskSignature(given)).toBe(masked);
  expect(maskSignature(masked)).toBe(masked);
});

test.each([
  "",
  url,
  `${url}?tr=w-300&ik-obj-version=abc`,
  `${url}?ik-s=&ik-t=`,
  `${url}?ik-s=*`,
  `${url}?xik-s=1&ik-sx=2&ik=s&ik-s`,
  "https://ik.imagekit.io/demo/ik-s=1.jpg",
])("masking leaves %j unchanged, which has no signature", (text) => {
  expect(maskSignature(text)).toBe(text);
});

const fragments = fc.constantFrom(
  ..."?&#;=*% \"'<>/ikst-".split(""),
  "ik-s",
  "ik-t=",
  "ik-s=abc",
  "%3D",
  "%26",
  "%3f",
  "%25",
  "%69k-s",
  "masked",
);

test("masking an already masked string changes nothing", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(fragments).map((all) => all.join("")),
      ),
      (text) => {
        expect(maskSignature(maskSignature(text))).toBe(maskSignature(text));
      },
    ),
    propertyRuns({ all: 3_000, fast: 300 }),
  );
});

test("no parameter that a URL parser calls ik-s or ik-t keeps its value", () => {
  const query = fc.array(fragments).map((all) => all.join(""));
  fc.assert(
    fc.property(query, (text) => {
      const parsed = new URL(new URL(`${url}?${text}`).href);
      const masked = new URL(maskSignature(parsed.href));
      for (const [name, value] of masked.searchParams) {
        if (name === "ik-s" || name === "ik-t") expect(["", "*", "masked", "masked*"]).toContain(value);
      }
    }),
    propertyRuns({ all: 3_000, fast: 300 }),
  );
});
