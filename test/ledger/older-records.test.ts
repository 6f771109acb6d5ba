import { expect, test } from "vitest";
import { parseBatch } from "../../src/ledger/replies.ts";

test("a warning stored before warnings had a severity is a note", () => {
  const budget = { month: "2026-11", quota: 9, margin: 0, spent: 0, reserved: 0, external: 0 };
  const lines = [
    {
      line: 1,
      verdict: "accepted",
      purgeId: "p_1",
      warnings: [{ code: "exact-only", message: "Only this." }],
    },
  ];
  const batch = parseBatch([
    JSON.stringify({ ...budget, available: 9, held: 0, resetsAt: 1 }),
    ...["0", "b_1", "1", "shop", "", "1", JSON.stringify(lines), "{}", "", ""],
  ]);
  expect(batch.lines).toMatchObject([
    { warnings: [{ code: "exact-only", severity: "note", message: "Only this." }] },
  ]);
});
