import { expect, test } from "vitest";
import { isAcceptedMistake, isRefusedAsMistake } from "../../src/domain/verdict.ts";
import { acceptedLine, rejectedLine, warningsOf } from "./plan-line.ts";

const demo = "https://ik.imagekit.io/demo";

test.each([
  ["endpoint-itself", ""],
  ["endpoint-itself", "/"],
  ["endpoint-itself", "//"],
  ["endpoint-itself", "/pattern"],
  ["endpoint-itself", "/pattern/"],
  ["endpoint-itself", "?tr=w-300"],
  ["endpoint-itself", "/?v=1"],
  ["endpoint-itself", "/tr:w-300"],
  ["endpoint-itself", "/tr:w-300/"],
  ["unfilled-template", "/{{image}}"],
  ["unfilled-template", "/{{ image.src }}"],
  ["unfilled-template", "/products/{{image}}.jpg"],
  ["unfilled-template", "/products/shoe-{{image}}-small.jpg"],
  ["unfilled-template", "/%7B%7Bimage%7D%7D.jpg"],
  ["unfilled-template", "/%257B%257Bimage%257D%257D.jpg"],
  ["unfilled-template", `/\${image}`],
  ["unfilled-template", `/products/\${product.image}.jpg`],
  ["unfilled-template", "/$%7Bimage%7D.jpg"],
  ["unfilled-template", "/%24%7Bimage%7D.jpg"],
  ["unfilled-template", `/shoe.jpg?v=\${version}`],
  ["unfilled-template", "/shoe.jpg?tr=w-{{width}}"],
  ["unfilled-template", `/tr:w-\${width}/shoe.jpg`],
  ["unfilled-template", "/products/{{image"],
  ["unfilled-template", "/<%= image %>"],
  ["unfilled-template", "/%3C%25=image%25%3E"],
  ["unfilled-template", "/products/{id}"],
  ["unfilled-template", "/products/{id}.jpg"],
  ["unfilled-template", "/products/%7Bid%7D/shoe.jpg"],
  ["unfilled-template", "/products/:id"],
  ["unfilled-template", "/products/:id/shoe.jpg"],
  ["unfilled-template", "/products/%s"],
  ["unfilled-template", "/products/%s.jpg"],
  ["unfilled-template", "/products/%25d.jpg"],
  ["unfilled-template", "/products/{{category}}/*"],
  ["unfilled-template", "/products/{% if image %}{{ image }}{% endif %}"],
  ["unfilled-template", "/products/{% raw %}a{% endraw %}.jpg"],
  ["unfilled-template", "/products/<?= $image ?>"],
  ["unfilled-template", "/<?php echo $image; ?>"],
  ["unfilled-template", "/products/#{product.id}.jpg"],
  ["unfilled-template", "/products/@{image}.jpg"],
  ["unfilled-template", "/products/%{image}.jpg"],
  ["unfilled-template", "/products/{0}.jpg"],
  ["unfilled-template", "/products/{}.jpg"],
  ["unfilled-template", "/products/{id}-small.jpg"],
  ["unfilled-template", "/products/shoe_{width}x.jpg"],
  ["unfilled-template", "/prompt-{imagePrompt}/shoe.jpg"],
  ["unfilled-template", "/products/shoe.{jpg,png}"],
  ["unfilled-template", "/tr:w-{640,750}/shoe.jpg"],
  ["unfilled-template", "/tr:w-{width},h-{height}/shoe.jpg"],
  ["unfilled-template", "/shoe.jpg?tr=w-{width}"],
  ["unfilled-template", "/shoe.jpg?v={version}"],
  ["unfilled-template", "/shoe.jpg{query}"],
  ["unfilled-template", "/products/[[image]].jpg"],
  ["unfilled-template", "/products/[...slug]"],
  ["unfilled-template", "/products/$(image).jpg"],
  ["unfilled-template", "/products/%(name)s.jpg"],
  ["unfilled-template", "/products/%1$s.jpg"],
  ["unfilled-template", "/products/%IMAGE%.jpg"],
  ["unfilled-template", "/products/%%image%%"],
  ["unfilled-template", "/products/$image.jpg"],
  ["unfilled-template", "/products/__IMAGE__.jpg"],
  ["unfilled-template", "/products/<image>.jpg"],
  ["unfilled-template", "/products/%3Cimage%3E.jpg"],
  ["unfilled-template", "/'+image+'.jpg"],
  ["unfilled-template", "/'%20+%20product.image"],
  ["unfilled-value", "/[object Object]"],
  ["unfilled-value", "/[object HTMLImageElement]"],
  ["unfilled-value", "/products/[object"],
  ["unfilled-value", "/products/(null)"],
  ["unfilled-value", "/undefinedundefined.jpg"],
  ["unfilled-value", "/products/undefined.undefined"],
  ["unfilled-value", "/products/shoe.undefined"],
  ["unfilled-value", "/tr:w-undefined/shoe.jpg"],
  ["unfilled-value", "/tr:w-300,h-NaN/shoe.jpg"],
  ["unfilled-value", "/shoe.jpg?tr=w-undefined,h-300"],
  ["unfilled-value", "/shoe.jpg?v=1&tr=q-80:w-null"],
  ["unfilled-value", "/products/#N/A"],
  ["unfilled-value", "/products/#REF!"],
  ["unfilled-value", "/products/#BEZUG!"],
  ["unfilled-value", "/products/#NAME?"],
  ["unfilled-value", "/products/#VALUE!.jpg"],
  ["unfilled-value", "/.jpg"],
  ["unfilled-value", "/products/.webp?tr=w-300"],
  ["unfilled-value", "/[object%20Object]"],
  ["unfilled-value", "/%5Bobject%20Object%5D.jpg"],
  ["unfilled-value", "/%5Bobject+Object%5D"],
  ["unfilled-value", "/products/[object Promise]"],
  ["unfilled-value", "/undefined"],
  ["unfilled-value", "/undefined/"],
  ["unfilled-value", "/undefined.jpg"],
  ["unfilled-value", "/undefined/shoe.jpg"],
  ["unfilled-value", "/products/null"],
  ["unfilled-value", "/products/null.webp?tr=w-300"],
  ["unfilled-value", "/products/NaN.png"],
  ["unfilled-value", "/tr:w-300/undefined"],
  ["unfilled-value", "/shoe.jpg?v=undefined"],
  ["unfilled-value", "/shoe.jpg?tr=w-300&updatedAt=null"],
  ["unfilled-value", "/shoe.jpg?ik-obj-version=NaN&tr=w-300"],
  ["unfilled-value", "/products/undefined*"],
  ["unfilled-value", "/products/undefined/*"],
  ["browser-only-url", "/blob:https://shop.example/2f6c1a9e"],
  ["browser-only-url", "/products/blob:null/2f6c1a9e"],
  ["browser-only-url", "/tr:w-300/blob%3Ahttps%3A%2F%2Fshop.example%2F2f6c1a9e"],
  ["browser-only-url", "/data:image/png;base64,iVBORw0KGgo="],
  ["browser-only-url", "/file:///C:/shoe.jpg"],
  ["browser-only-url", "/C:/Users/anna/shoe.jpg"],
  ["browser-only-url", "/C:%5CUsers%5Canna%5Cshoe.jpg"],
  ["browser-only-url", "/content://media/external/images/17"],
  ["browser-only-url", "/http://localhost:3000/shoe.jpg"],
  ["browser-only-url", "/about:blank"],
  ["browser-only-url", "/cid:image001.png@01D9"],
])(
  "a line that nobody can mean (%s) is refused, and sent with its warning if asked for: %s",
  (code, path) => {
    const refused = rejectedLine(demo + path);
    expect(refused.violations.map((violation) => violation.code)).toEqual(["probably-a-mistake"]);
    expect(isRefusedAsMistake(refused)).toBe(true);
    const sent = acceptedLine(demo + path);
    expect(isAcceptedMistake(sent)).toBe(true);
    expect(sent.warnings.filter(({ severity }) => severity !== "note")).toMatchObject([
      { code, severity: "mistake" },
    ]);
  },
);

test.each(["https://images.shop.example", "https://images.shop.example/", "http://ik.imagekit.io/demo"])(
  "the URL endpoint itself is refused whichever it is: %s",
  (url) => {
    expect(rejectedLine(url).violations[0]?.code).toBe("probably-a-mistake");
  },
);

test.each([
  ["/*", "wildcard-too-broad"],
  ["*", "wildcard-too-broad"],
  ["/undefined*", "wildcard-too-broad"],
])("a line that breaks a rule is not refused merely as a mistake: %s", (path, code) => {
  const refused = rejectedLine(demo + path);
  expect(refused.violations.map((violation) => violation.code)).toContain(code);
  expect(isRefusedAsMistake(refused)).toBe(false);
});

test.each([
  "/images/undefined-shoe.jpg",
  "/images/nullable.jpg",
  "/images/null-hypothesis/a.jpg",
  "/images/nan.jpg",
  "/images/NULL.jpg",
  "/images/my.undefined.jpg",
  "/images/object.jpg",
  "/images/{3F2504E0-4F89-11D3-9A0C-0305E82C3301}.jpg",
  "/images/a{b}c.jpg",
  "/images/price$.jpg",
  "/images/100%25.jpg",
  "/images/100%25stretch.jpg",
  "/images/12:30.jpg",
  "/images/:-).jpg",
  "/images/dataset/a.jpg",
  "/images/data/a.jpg",
  "/images/blob.jpg",
  "/images/data-image.png",
  "/https://shop.example/data/a.jpg",
  "/shoe.jpg?from=nullable",
  "/tr:n-undefined_thumb/shoe.jpg",
  "/tr:n-null/shoe.jpg",
  "/shoe.jpg?tr=di-undefined",
  "/shoe.jpg?tr=l-text,i-null,l-end",
  "/shoe.jpg?tr=l-text,i-{sale},l-end",
  "/tr:ot-Now%20%7Bnew%7D,ots-40/shoe.jpg",
  "/images/x{a}y{b}.jpg",
  "/images/100%_cotton_50%.jpg",
  "/images/100%25-80%25.jpg",
  "/images/[sale]/shoe.jpg",
  "/images/[1].jpg",
  "/images/$100.jpg",
  "/images/__shoe__.jpg",
  "/images/A+B+C.jpg",
  "/images/d'or+argent'.jpg",
  "/images/Infinity.jpg",
  "/images/None.jpg",
  "/images/shoe.jpg#N-70",
  "/images/http://localhost.shop.example/shoe.jpg",
  "/images/c:shoe.jpg",
  "/images/about/shoe.jpg",
  "/tr:w-300*",
  "/tr:w-300,h-300*",
])("a real name that only looks like a mistake is none: %s", (path) => {
  if (path.endsWith("*") && path.length < 15)
    return expect(rejectedLine(demo + path).violations[0]?.code).toBe("wildcard-too-broad");
  expect(isAcceptedMistake(acceptedLine(demo + path))).toBe(false);
  return expect(warningsOf(demo + path)).not.toContain("unfilled-value");
});

test("a placeholder behind the endpoint is named first, and the endpoint itself then", () => {
  expect(warningsOf(`${demo}/#{image}.jpg`).slice(-2)).toEqual(["unfilled-template", "endpoint-itself"]);
});
