import { expect, test } from "vitest";
import { linesAskingFor, linesOfRepeated, planWithout } from "../../src/use-cases/plan-without.ts";

const base = "https://ik.imagekit.io/demo";
const since = Date.parse("2026-11-23T18:00:00Z");
const context = {
  endpoints: [{ host: "ik.imagekit.io", path: "/demo" }],
  profiles: [{ name: "shop", paths: ["/shop/"], endpoints: [base], transformations: ["tr:w-400"] }],
  mayUseWildcards: true,
};
const without = (urls: readonly string[], images: readonly string[], ...lines: readonly number[]) =>
  planWithout({ urls, images, cover: [] }, new Map(lines.map((line) => [line, since])), context, {
    repeatLimit: 6,
  });

test("a repeated line is rejected as given, and says since when, until when and the usual cause", () => {
  const { lines, targets } = without([`${base}/a.jpg`], [], 1);
  expect(targets).toEqual([]);
  expect(lines).toMatchObject([
    { line: 1, input: `${base}/a.jpg`, verdict: "rejected", violations: [{ code: "repeating" }] },
  ]);
  const [violation] = lines[0]?.verdict === "rejected" ? lines[0].violations : [];
  expect(violation?.message).toContain("you have made it 6 times since 2026-11-23T18:00:00.000Z");
  expect(violation?.message).toContain("from 2026-11-23T19:00:00.000Z on");
  expect(violation?.why).toMatch(/hook in a loop.*PURGE_REPEAT_LIMIT/);
});

test("at a limit of one, a repeated line says that it was made once", () => {
  const named = { urls: [`${base}/a.jpg`], images: [], cover: [] };
  const { lines } = planWithout(named, new Map([[1, since]]), context, { repeatLimit: 1 });
  const [violation] = lines[0]?.verdict === "rejected" ? lines[0].violations : [];
  expect(violation?.message).toContain("you have made it once since 2026-11-23T18:00:00.000Z");
});

test("the other lines keep their numbers, and so do the lines that they name", () => {
  const { lines, targets } = without(
    [`${base}/a.jpg`, `${base}/b.jpg`, `${base}/b.jpg`, `${base}/shop/tr:w-400/x.jpg`],
    ["/shop/x.jpg", "/shop/y.jpg", "/shop/x.jpg"],
    1,
    6,
  );
  expect(lines.map(({ line, verdict }) => [line, verdict])).toEqual([
    [1, "rejected"],
    [2, "accepted"],
    [3, "duplicate"],
    [4, "accepted"],
    [5, "image"],
    [6, "rejected"],
    [7, "duplicate"],
  ]);
  expect(lines).toMatchObject([{}, {}, { of: 2 }, {}, {}, {}, { of: 5 }]);
  expect(targets.map((target) => target.lines)).toEqual([[2, 3], [4], [5, 7], [5, 7]]);
});

test("a line that a rejected one would have cleared has a target of its own", () => {
  const urls = [`${base}/shop/autumn/*`, `${base}/shop/autumn/a.jpg`];
  expect(without(urls, []).lines).toMatchObject([{}, { verdict: "covered", by: 1 }]);
  const { lines, targets } = without(urls, [], 1);
  expect(lines).toMatchObject([{ verdict: "rejected" }, { line: 2, verdict: "accepted" }]);
  expect(targets).toMatchObject([{ url: urls[1], lines: [2] }]);
});

test("a target of an image that another line makes is named by that line's own number", () => {
  const { lines } = without([`${base}/a.jpg`, `${base}/tr:w-400/shop/x.jpg*`], ["/shop/x.jpg"], 1);
  expect(lines[2]).toMatchObject({
    verdict: "image",
    targets: [{ verdict: "accepted" }, { verdict: "duplicate", of: 2 }],
  });
});

test("a line is repeated since the earliest of its purges", () => {
  const repeated = linesOfRepeated([
    { lines: [1, 2], since: 20 },
    { lines: [2, 3], since: 10 },
  ]);
  expect([...repeated]).toEqual([
    [1, 20],
    [2, 10],
    [3, 10],
  ]);
});

test("a line that only a repeated wildcard covers repeats nothing; a folder's wildcard is asked for by all of its lines", () => {
  const urls = [`${base}/shop/autumn/*`, `${base}/shop/autumn/a.jpg`, `${base}/shop/autumn/*`];
  const covered = without(urls, []);
  expect(covered.targets.map((target) => linesAskingFor(target, covered))).toEqual([[1, 3]]);
  const target = { url: `${base}/shop/x*`, lines: [1, 3] };
  expect(linesAskingFor(target, covered)).toEqual([1, 3]);
});
