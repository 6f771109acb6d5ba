import { expect, test } from "vitest";
import { isOver, refreshSeconds } from "../../../src/dashboard/ui/refresh.tsx";
import type { EdgeCheck } from "../../../src/domain/edge-check.ts";
import { clock, purgeWith } from "./purge-status/purge-fixture.ts";

const now = clock("14:06:00");

function completedWith(edge: Partial<EdgeCheck>) {
  const url = "https://ik.imagekit.io/demo/shoe.jpg";
  return purgeWith({ state: "completed", edge: { outcome: "waiting", url, tries: 0, ...edge } });
}

test.each([
  ["whose check is due soon refreshes often", completedWith({ nextAt: clock("14:06:30") }), 5],
  ["whose check is due later refreshes seldom", completedWith({ nextAt: clock("14:10:00") }), 30],
  ["that was checked does not refresh", completedWith({ outcome: "fresh" }), undefined],
  ["that nobody checks does not refresh", purgeWith({ state: "completed" }), undefined],
])("a page of a completed purge %s", (_, purge, seconds) => {
  expect(refreshSeconds([purge], now)).toBe(seconds);
  expect(isOver(purge)).toBe(seconds === undefined);
});

test("a purge that ended otherwise is over, whatever its check still says", () => {
  expect(isOver({ ...completedWith({}), state: "cancelled" })).toBe(true);
});
