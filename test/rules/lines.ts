import fc from "fast-check";

const pieces = [
  "https://ik.imagekit.io/demo/",
  "https://ik.imagekit.io/demo/images/upload",
  "http://ik.imagekit.io/demo/pattern/",
  "https://images.shop.example/",
  "HTTPS://IK.imagekit.io.:443",
  "ik.imagekit.io",
  "evil.com",
  "bücher.example",
  "https:",
  "demo",
  "pattern",
  "media/catalog",
  "s/files",
  "tr:w-300",
  "tr%3A",
  "shoe.jpg",
  "?tr=w-300",
  "?ik-t=1700000000&ik-s=0a1b2c3d4e",
  "&ik%2Ds=0a1b2c3d4e",
  ...'/\\.:@?#&*%"<>`{}|^[] \t\n\0'.split(""),
  "..",
  "%2e",
  "%252e",
  "%2f",
  "%5C",
  "%2A",
  "%zz",
  "é",
  "ｉ",
  "\u212a",
  "\u200b",
  "👟",
  "\ud800",
  "\udc00",
] as const;

const beginnings = [
  "",
  "https://",
  "https://ik.imagekit.io",
  "https://ik.imagekit.io/demo",
  "https://ik.imagekit.io/demo/pattern/",
  "http://images.shop.example/",
] as const;

/** Lines made of pieces of URLs, so that many are almost valid. */
export const urlLikeLine = fc
  .tuple(
    fc.constantFrom(...beginnings),
    fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...pieces) }, fc.string({ maxLength: 6 })), {
      maxLength: 8,
    }),
  )
  .map(([beginning, parts]) => beginning + parts.join(""));

/** Lines so similar that many cover or repeat one another. */
export const neighbourLine = fc
  .tuple(
    fc.constantFrom("https://ik.imagekit.io/demo/images/upload", "https://ik.imagekit.io/demo/images/up"),
    fc.array(fc.constantFrom("/", "a", "/tr:w-1", "/t", "?tr=w"), { maxLength: 3 }),
    fc.constantFrom("", "*", "/a.jpg"),
  )
  .map(([beginning, parts, end]) => beginning + parts.join("") + end);

/** Lines that begin under an endpoint, so that many are accepted. */
export const endpointLine = fc
  .tuple(
    fc.constantFrom(
      "https://ik.imagekit.io/demo/",
      "https://ik.imagekit.io/demo/pattern/",
      "http://images.shop.example/",
    ),
    fc.array(
      fc.constantFrom(
        "a",
        "b",
        "/",
        "images/upload",
        "tr:w-1/",
        ".jpg",
        "?tr=w",
        ".",
        "%2f",
        "é",
        " ",
        "..",
        "#",
      ),
    ),
    fc.constantFrom("", "*", "x.jpg", "x.jpg*"),
  )
  .map((parts) => `${parts[0]}${parts[1].join("")}${parts[2]}`);

export const anyLine = fc.oneof(urlLikeLine, endpointLine, fc.string({ unit: "binary" }), fc.webUrl());
