import fc from "fast-check";
import { expect, test } from "vitest";
import { forecast, type Usage } from "../../../../src/dashboard/pages/budget/forecast.ts";

const november = {
  since: Date.parse("2026-11-01T00:00:00Z"),
  now: Date.parse("2026-11-11T00:00:00Z"),
  endsAt: Date.parse("2026-12-01T00:00:00Z"),
  limit: 1_000,
} as const;

const cases = [
  {
    name: "a third of the month, a tenth of the quota: it lasts",
    usage: { used: 100 },
    expected: { outcome: "lasts", perDay: 10, atEnd: 300 },
  },
  {
    name: "half the quota in a third of the month runs out after another third",
    usage: { used: 500 },
    expected: { outcome: "runs-out", at: "2026-11-21T00:00:00.000Z", perDay: 50, atEnd: 1_500 },
  },
  {
    name: "today's elapsed part counts",
    usage: { now: Date.parse("2026-11-01T12:00:00Z") + 24 * 3_600_000, used: 30 },
    expected: { outcome: "lasts", perDay: 20, atEnd: 600 },
  },
  {
    name: "in the first minute a whole day is counted",
    usage: { now: november.since + 60_000, used: 20 },
    expected: { outcome: "lasts", perDay: 20, atEnd: 20 + 20 * (30 - 1 / 1_440) },
  },
  {
    name: "at the very start of a month nothing is forecast from nothing",
    usage: { now: november.since, used: 0 },
    expected: { outcome: "unused", perDay: 0, atEnd: 0 },
  },
  {
    name: "no spend at all",
    usage: { used: 0 },
    expected: { outcome: "unused", perDay: 0, atEnd: 0 },
  },
  {
    name: "one burst today counts as if it had been spread over the days so far",
    usage: { now: Date.parse("2026-11-21T00:00:00Z"), used: 400 },
    expected: { outcome: "lasts", perDay: 20, atEnd: 600 },
  },
  {
    name: "runs out within the hour",
    usage: { used: 999 },
    expected: { outcome: "runs-out", at: "2026-11-11T00:14:24.864Z", perDay: 99.9, atEnd: 2_997 },
  },
  {
    name: "would run out exactly at the reset: it lasts",
    usage: { now: Date.parse("2026-11-16T00:00:00Z"), used: 500 },
    expected: { outcome: "lasts", perDay: 500 / 15, atEnd: 1_000 },
  },
  {
    name: "nothing is left",
    usage: { used: 1_000 },
    expected: { outcome: "exhausted", perDay: 100, atEnd: 3_000 },
  },
  {
    name: "a correction passed the quota",
    usage: { used: 1_200 },
    expected: { outcome: "exhausted", perDay: 120, atEnd: 3_600 },
  },
  {
    name: "a ledger that began within the month is averaged over its own days",
    usage: { since: Date.parse("2026-11-06T00:00:00Z"), used: 100 },
    expected: { outcome: "lasts", perDay: 20, atEnd: 500 },
  },
  {
    name: "a clock that is past the end forecasts nothing more",
    usage: { now: november.endsAt + 60_000, used: 100 },
    expected: { outcome: "lasts", perDay: 100 / (30 + 1 / 1_440), atEnd: 100 },
  },
] as const;

test.each(cases)("$name", ({ usage, expected }) => {
  const found = forecast({ ...november, ...usage });
  expect(found.outcome).toBe(expected.outcome);
  expect(found.perDay).toBeCloseTo(expected.perDay, 6);
  expect(found.atEnd).toBeCloseTo(expected.atEnd, 6);
  const at = found.outcome === "runs-out" ? new Date(found.at).toISOString() : undefined;
  expect(at).toBe("at" in expected ? expected.at : undefined);
});

const usages = fc
  .record({
    since: fc.integer({ min: november.since, max: november.endsAt }),
    elapsedMs: fc.integer({ min: 0, max: 40 * 86_400_000 }),
    used: fc.integer({ min: 0, max: 10_000_000 }),
    limit: fc.integer({ min: 1, max: 10_000_000 }),
  })
  .map(
    ({ since, elapsedMs, used, limit }): Usage => ({
      since,
      now: since + elapsedMs,
      endsAt: november.endsAt,
      used,
      limit,
    }),
  );

test("the day it runs out lies between now and the reset, and only a line that passes the limit has one", () => {
  fc.assert(
    fc.property(usages, (usage) => {
      const found = forecast(usage);
      expect(Number.isFinite(found.perDay) && Number.isFinite(found.atEnd)).toBe(true);
      expect(found.atEnd).toBeGreaterThanOrEqual(usage.used);
      if (found.outcome === "runs-out") {
        expect(found.at).toBeGreaterThanOrEqual(usage.now);
        expect(found.at).toBeLessThan(usage.endsAt);
        expect(found.atEnd).toBeGreaterThan(usage.limit * (1 - 1e-9));
      } else if (found.outcome !== "exhausted") {
        expect(found.atEnd).toBeLessThanOrEqual(Math.max(usage.limit * (1 + 1e-9), usage.used));
      }
    }),
  );
});

test("more units used never make it last longer", () => {
  fc.assert(
    fc.property(usages, fc.integer({ min: 1, max: 1_000 }), (usage, more) => {
      const endOf = (each: Usage) => {
        const found = forecast(each);
        if (found.outcome === "exhausted") return each.now;
        return found.outcome === "runs-out" ? found.at : Number.POSITIVE_INFINITY;
      };
      expect(endOf({ ...usage, used: usage.used + more })).toBeLessThanOrEqual(endOf(usage));
    }),
  );
});
