import { expect, test } from "vitest";
import { readChangedAt } from "../../src/http/requests/stated-time.ts";

const wholeSecond = Date.parse("2026-11-23T18:00:00Z");

test.each([
  ["2026-11-23T18:00:00.123Z", 123],
  ["2026-11-23T18:00:00.1239999Z", 123],
  ["2026-11-23T19:00:00.123456789+01:00", 123],
  ["2026-11-23T18:00:00.001Z", 1],
])("changedAt %s states its millisecond", (text, milliseconds) => {
  expect(readChangedAt(text)).toBe(wholeSecond + milliseconds);
});

test.each([
  "2026-11-23T18:00:00Z",
  "2026-11-23T18:00:00.000Z",
  "2026-11-23T18:00:00.0004Z",
  "2026-11-23T18:00:00.5Z",
  "2026-11-23T18:00:00.57Z",
  "2026-11-23T13:00:00.9-05:00",
])("changedAt %s states its second only", (text) => {
  expect(readChangedAt(text)).toBe(wholeSecond);
});
