import { expect, test } from "vitest";
import { duration } from "../../../src/dashboard/ui/duration.ts";

test.each([
  [-5, "0 s"],
  [40, "0 s"],
  [60, "0.1 s"],
  [6_000, "6 s"],
  [9_949, "9.9 s"],
  [9_950, "10 s"],
  [119_400, "119 s"],
  [119_500, "2 min"],
  [7_100_000, "118 min"],
  [7_200_000, "2 h"],
  [86_400_000, "24 h"],
  [259_200_000, "3 days"],
])("%i ms are %s", (ms, words) => {
  expect(duration(ms)).toBe(words);
});
