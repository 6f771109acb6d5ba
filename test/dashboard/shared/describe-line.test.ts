import { describe, expect, test } from "vitest";
import {
  type BudgetNow,
  countLines,
  priceWords,
  summarizeLines,
} from "../../../src/dashboard/shared/count-lines.ts";
import { describeLine } from "../../../src/dashboard/shared/describe-line.ts";
import { foldWarnings } from "../../../src/dashboard/shared/fold-warnings.ts";
import type { PlannedLine } from "../../../src/dashboard/shared/planned-line.ts";
import { anywayName, mistakePolicy } from "../../../src/dashboard/shared/send-anyway.ts";
import { planLines } from "../../../src/planning/plan-lines.ts";

const base = "https://ik.imagekit.io/demo";
const budget: BudgetNow = { available: 5, held: 0, quota: 1000, resetsOn: "1 Dec" };

type Choices = { readonly isHolding?: boolean; readonly wildcards?: boolean; readonly budget?: BudgetNow };

function words(lines: readonly string[], { isHolding = false, wildcards = true, ...more }: Choices = {}) {
  const planned: readonly PlannedLine[] = planLines(
    lines.map((line) => (line.includes(":") ? line : `${base}/${line}`)),
    [{ host: "ik.imagekit.io", path: "/demo" }],
    { onMistake: mistakePolicy(new Set([anywayName(`${base}/`)])) },
  );
  const counts = countLines(planned, {
    mayUseWildcards: wildcards,
    isHolding,
    budget: more.budget ?? budget,
  });
  const folded = new Set(foldWarnings(planned, { mayUseWildcards: wildcards }).map(({ code }) => code));
  const context = { mayUseWildcards: wildcards, others: new Map(), counts, folded };
  return { counts, rows: planned.map((line) => describeLine(line, context)) };
}

const images = (count: number) => Array.from({ length: count }, (_, index) => `${index}.jpg`);

describe("lines before they are submitted", () => {
  test.each([
    [images(3), {}, "3 ready, costs 3 units", "for 3 units"],
    [
      ["a.jpg", "nonsense:1", "a.jpg"],
      {},
      "1 ready, 1 to fix, 1 repeated or covered, costs 1 unit",
      "for 1 unit",
    ],
    [["nonsense:1"], {}, "1 to fix, costs nothing", "for 0 units"],
    [images(12), { isHolding: true }, "5 ready now, 7 on 1 Dec, costs 12 units", "5 now, 7 on 1 Dec"],
    [images(5), { isHolding: true }, "5 ready, costs 5 units", "for 5 units"],
    // Held purges come first: the units that they wait for are not free.
    [
      images(3),
      { isHolding: true, budget: { ...budget, held: 4 } },
      "1 ready now, 2 on 1 Dec, costs 3 units",
      "1 now, 2 on 1 Dec",
    ],
    [
      images(2),
      { isHolding: true, budget: { ...budget, available: -3 } },
      "0 ready now, 2 on 1 Dec, costs 2 units",
      "2 on 1 Dec",
    ],
    [["a.jpg", "shoes/autumn/*"], { wildcards: false }, "1 ready, 1 to fix, costs 1 unit", "for 1 unit"],
  ])("%j with %j are summed up as they would be charged", (lines, choices, summary, price) => {
    const { counts } = words(lines, choices);
    expect([summarizeLines(counts), priceWords(counts)]).toEqual([summary, price]);
  });

  test("the budget goes to the first lines that cost something, and the others are marked as held", () => {
    const lines = ["a.jpg", "a.jpg", "nonsense:1", "b.jpg", "c.jpg"];
    const { rows } = words(lines, { isHolding: true, budget: { ...budget, available: 2 } });
    expect(rows.map(({ word, price }) => `${word} ${price}`.trim())).toEqual([
      "Ready 1 unit",
      "Repeated free",
      "To fix",
      "Ready 1 unit",
      "Held until 1 Dec, 1 unit",
    ]);
  });

  test("a probable mistake is not ready until it is to be sent anyway, and stays amber then", () => {
    const { rows, counts } = words([base, `${base}/`]);
    expect(rows.map(({ word, tone, mistake }) => [word, tone, mistake])).toEqual([
      ["Probably a mistake", "ask", "refused"],
      ["Ready", "ask", "confirmed"],
    ]);
    expect(summarizeLines(counts)).toBe("1 ready, 1 to fix, costs 1 unit");
  });

  test("a caution comes before what is only good to know, and makes its line amber", () => {
    const { rows } = words(["http://ik.imagekit.io/demo/a.jpg;"]);
    expect(rows[0]?.tone).toBe("ask");
    expect(rows[0]?.notes.map(({ severity }) => severity)).toEqual(["caution", undefined]);
  });

  test("whoever may not purge wildcards is taught none, neither by a message nor by a suggestion", () => {
    const typed = [
      "a.jpg",
      "shoes*",
      "shoes/*/a.jpg",
      "shoes/autumn",
      "shoes/autumn/",
      base,
      `${base}/`,
      "a.jpg?v=1",
      "a.jpg?updatedAt=1700000000",
      "tr:w-400/a.jpg",
      `ftp://ik.imagekit.io/demo/a.jpg`,
    ];
    const star = (lines: readonly string[], wildcards: boolean) =>
      words(lines, { wildcards }).rows.filter(({ notes }) =>
        notes.some(({ text, why = "", suggestion = "" }) => `${text}${why}${suggestion}`.includes("*")),
      ).length;
    expect(star(typed, true)).toBeGreaterThan(1);
    expect(star(typed, false)).toBe(0);
    const { rows } = words(["shoes*", "shoes/autumn/*"], { wildcards: false });
    for (const { notes } of rows) expect(notes[0]?.text).toContain("Ask an admin");
  });
});

test.each([
  ["shoes/red…", ["cut off"]],
  ["shoe#2.jpg", ["Write %23"]],
  ["shoes%0A", ["Remove"]],
])("a doubtful line says only what is doubtful about it: %s", (line, starts) => {
  const { rows } = words([line, `${line}x`.replace("#2.jpgx", "#3.jpg")]);
  const notes = rows[0]?.notes.map(({ text }) => text) ?? [];
  expect(notes.filter((text) => !text.startsWith("Spaces"))).toHaveLength(starts.length);
  for (const [index, start] of starts.entries()) expect(notes[index]).toContain(start);
});
