import { expect, test } from "vitest";
import { acceptedLine } from "./plan-line.ts";

const demo = "https://ik.imagekit.io/demo";

const cautionsOf = (path: string) =>
  acceptedLine(demo + path).warnings.filter(({ severity }) => severity !== "note");

test.each<[code: string, path: string, suggestion: string | undefined]>([
  ["double-slash", "//shoe.jpg", "/shoe.jpg"],
  ["double-slash", "/images//shoe.jpg", "/images/shoe.jpg"],
  ["double-slash", "/images///shoe.jpg?tr=w-300", "/images/shoe.jpg?tr=w-300"],
  ["double-slash", "/tr:w-300//shoe.jpg", "/tr:w-300/shoe.jpg"],
  ["double-slash", "//images/upload*", "/images/upload*"],
  ["second-question-mark", "/shoe.jpg?x=1?tr=w-300", "/shoe.jpg?x=1&tr=w-300"],
  ["second-question-mark", "/shoe.jpg??tr=w-300", "/shoe.jpg?tr=w-300"],
  ["second-question-mark", "/shoe.jpg?tr=w-300?x=1", "/shoe.jpg?tr=w-300&x=1"],
  [
    "second-question-mark",
    "/clip.mp4?tr=so-1/ik-thumbnail.jpg?x=1",
    "/clip.mp4?tr=so-1/ik-thumbnail.jpg&x=1",
  ],
  ["ampersand-for-question-mark", "/shoe.jpg&tr=w-300", "/shoe.jpg?tr=w-300"],
  ["ampersand-for-question-mark", "/shoe.jpg&x=1&tr=w-300", "/shoe.jpg?x=1&tr=w-300"],
  ["ampersand-for-question-mark", "/shoe.jpg&x=1?tr=w-300", "/shoe.jpg?x=1&tr=w-300"],
  ["ampersand-for-question-mark", "/products/shoe&tr=w-300", "/products/shoe?tr=w-300"],
  ["ampersand-for-question-mark", "/shoe.jpg%3Ftr=w-300", "/shoe.jpg?tr=w-300"],
  ["ampersand-for-question-mark", "/shoe.jpg%3Ftr%3Dw-300%26x=1", "/shoe.jpg?tr=w-300&x=1"],
  ["misplaced-transformation", "/tr=w-300/shoe.jpg", "/tr:w-300/shoe.jpg"],
  ["misplaced-transformation", "/shoe.jpg?tr:w-300", "/shoe.jpg?tr=w-300"],
  ["misplaced-transformation", "/shoe.jpg?x=1&tr:w-300", "/shoe.jpg?x=1&tr=w-300"],
  ["empty-transformation", "/tr:/shoe.jpg", "/shoe.jpg"],
  ["empty-transformation", "/images/tr:/shoe.jpg", "/images/shoe.jpg"],
  ["empty-transformation", "/tr%3A/shoe.jpg", "/shoe.jpg"],
  ["empty-transformation", "/shoe.jpg/tr:", "/shoe.jpg"],
  ["empty-transformation", "/shoe.jpg?tr=", "/shoe.jpg"],
  ["empty-transformation", "/shoe.jpg?tr=&x=1", "/shoe.jpg?x=1"],
  ["empty-transformation", "/shoe.jpg?x=1&tr=", "/shoe.jpg?x=1"],
  ["empty-transformation", "/tr:/images/upload*", "/images/upload*"],
  ["encoded-twice", "/red%2520shoe.jpg", "/red%20shoe.jpg"],
  ["encoded-twice", "/gr%25C3%25BCn.jpg", "/gr%C3%BCn.jpg"],
  ["encoded-twice", "/schÃ¶n.jpg", "/sch%C3%B6n.jpg"],
  ["encoded-twice", "/sch%C3%83%C2%B6n.jpg", "/sch%C3%B6n.jpg"],
  ["encoded-twice", "/SCH%C3%83%E2%80%93N.jpg", "/SCH%C3%96N.jpg"],
  ["encoded-twice", "/stra%C3%83%C5%B8e.jpg", "/stra%C3%9Fe.jpg"],
  ["encoded-twice", "/it%C3%A2%E2%82%AC%E2%84%A2s.jpg", "/it%E2%80%99s.jpg"],
  ["stray-text", "/shoe.jpg/", "/shoe.jpg"],
  ["stray-text", "/shoe.jpg/?tr=w-300", "/shoe.jpg?tr=w-300"],
  ["stray-text", "/shoes%0A/red.jpg", "/shoes/red.jpg"],
  ["stray-text", "/%0D%0Ashoe.jpg", "/shoe.jpg"],
  ["stray-text", "/%22shoe.jpg%22", "/shoe.jpg"],
  ["cut-off", "/products/sho…", undefined],
  ["cut-off", "/products/sho...", undefined],
  ["cut-off", "/…/shoe.jpg", undefined],
  ["cut-off", "/products/.../shoe.jpg", undefined],
  ["mark-in-name", "/shoe#2.jpg", "/shoe%232.jpg"],
  ["mark-in-name", "/look/#2/red.jpg", "/look/%232/red.jpg"],
  ["mark-in-name", "/shoe#2.jpg?v", "/shoe%232.jpg?v"],
  ["mark-in-name", "/shoe?.jpg", "/shoe%3F.jpg"],
  ["mark-in-name", "/what?-shoe.jpg", "/what%3F-shoe.jpg"],
  ["mark-in-name", "/what?-shoe.jpg#", "/what%3F-shoe.jpg"],
  ["mark-in-name", "/what?-shoe.jpg#top", "/what%3F-shoe.jpg"],
  ["endpoint-twice", "/https://ik.imagekit.io/demo/shoe.jpg", "/shoe.jpg"],
  ["endpoint-twice", "/ik.imagekit.io/demo/shoe.jpg?tr=w-300", "/shoe.jpg?tr=w-300"],
  ["not-utf-8", "/sch%F6n.jpg", "/sch%C3%B6n.jpg"],
  ["not-utf-8", "/sch%F6n%20gr%FCn.jpg", "/sch%C3%B6n%20gr%C3%BCn.jpg"],
  ["not-utf-8", "/cut%C3.jpg", "/cut%C3%83.jpg"],
  ["replacement-character", "/sch\ufffdn.jpg", undefined],
  ["replacement-character", "/sch%EF%BF%BDn.jpg", undefined],
  ["version-in-query", "/shoe.jpg?updatedAt=1675424870437", "/shoe.jpg*"],
  ["version-in-query", "/shoe.jpg?v=17", "/shoe.jpg*"],
  ["version-in-query", "/shoe.jpg?ik-obj-version=iAg8gxkqo_QUBwqNeQrJzuyce2XB7Gc4", "/shoe.jpg*"],
  ["version-in-query", "/shoe.jpg?ik-sdk-version=javascript-1.4.3", "/shoe.jpg*"],
  ["version-in-query", "/tr:w-300/shoe.jpg?tr=w-300&v=17", "/tr:w-300/shoe.jpg*"],
  ["version-in-query", "/shoe.jpg?ik-t=1&ik-s=2&v=3", "/shoe.jpg*"],
  ["version-in-query", "/images?v=17", undefined],
  ["wildcard-after-query", "/shoe.jpg?tr=w-300*", "/shoe.jpg*"],
  ["wildcard-after-query", "/shoe.jpg?v=1*", "/shoe.jpg*"],
  ["wildcard-after-query", "/shoe.jpg?*", "/shoe.jpg*"],
])(
  "what probably clears nothing, or not what was meant, gets a caution (%s) and a way out: %s",
  (code, path, suggestion) => {
    const expected = suggestion === undefined ? {} : { suggestion: demo + suggestion };
    const [caution, ...others] = cautionsOf(path);
    expect(caution).toMatchObject({ code, severity: "caution", ...expected });
    if (suggestion === undefined) expect(caution).not.toHaveProperty("suggestion");
    expect(others).toEqual([]);
  },
);

test("each reason for a caution is named, and nothing is suggested that would still be cautioned", () => {
  const cautions = cautionsOf("/images//shoe.jpg?v=1?tr=w-300");
  expect(cautions.map(({ code, suggestion }) => [code, suggestion])).toEqual([
    ["double-slash", undefined],
    ["second-question-mark", undefined],
    ["version-in-query", undefined],
  ]);
});

test("the caution about a wildcard behind a query says what it clears", () => {
  expect(cautionsOf("/shoe.jpg?tr=w-3*")[0]?.message).toContain(
    'URLs whose query begins with exactly "?tr=w-3"',
  );
});

test.each([
  "/CAF%C3%89%E2%84%A2.jpg",
  "/%C3%83o%20Paulo.jpg",
  "/MA%C3%87%C3%83.jpg",
  "/caf%C3%A9%C2%A0cr%C3%A8me.jpg",
  "/wait...what.jpg",
  "/shoe.jpg#2.jpg",
  "/shoe.jpg?file=red.jpg",
  "/shoe?from=red.jpg",
  "/shoes#red",
  "/shoes/red.jpg/*",
  "/shoes/red/",
  "/tr:l-text,i-a%0Ab,l-end/shoe.jpg",
  "/what%3F.jpg",
  "/tr=/shoe.jpg",
  "/tr:w-300/https://cdn.shop.example/demo/shoe.jpg",
  "/https://cdn.shop.example/shoe.jpg",
  "/http:/cdn.shop.example/shoe.jpg",
  "/shoe.jpg?tr=l-text,i-Why?,l-end",
  "/shoe.jpg?from=https://shop.example/",
  "/black&white.jpg",
  "/R&D/shoe.jpg",
  "/salt&pepper=good.jpg",
  "/tr:w-/shoe.jpg",
  "/images/2026/tr:*",
  "/100%25%20cotton.jpg",
  "/100%25.jpg",
  "/tr:ot-10%2525%20off/shoe.jpg",
  "/gr%C3%BCn%E2%80%AF.jpg",
  "/shoe.jpg?view=1&version=2",
  "/v/1/shoe.jpg",
  "/shoe.jpg?tr=v-1",
  "/shoe.jpg?ik-attachment=true",
  "/shoe.jpg?tr=w-300&ik-t=1700000000&ik-s=0a1b2c",
])("what only looks doubtful gets no caution: %s", (path) => {
  expect(cautionsOf(path)).toEqual([]);
});

test.each([
  ["/products/sho…", "…"],
  ["/schÃ¶n.jpg", "Ã¶"],
  ["/sch%C3%83%C2%B6n.jpg", "%C3%83%C2%B6"],
  ["/shoe.jpg\u200b", "%E2%80%8B"],
])("a caution quotes what was written, if it can be seen: %s has %s", (path, quoted) => {
  expect(cautionsOf(path)[0]?.message).toContain(`"${quoted}"`);
});
