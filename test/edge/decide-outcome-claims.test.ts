import fc from "fast-check";
import { expect, test } from "vitest";
import type { EdgeReading } from "../../src/domain/edge-check.ts";
import { decideOutcome, type Evidence } from "../../src/edge/decide-outcome.ts";
import { interpretAnswer } from "../../src/edge/interpret-answer.ts";

const second = 1_000;
const sentAt = Date.parse("2026-11-23T18:00:00Z");
const completedAt = sentAt + 60 * second;
const skewMs = 2 * second;

/** An answer of any server at one of these seconds after the send, from few values, so that two are often alike. */
const reading = (...times: readonly number[]): fc.Arbitrary<EdgeReading> =>
  fc
    .record(
      {
        at: fc.constantFrom(...times),
        status: fc.constantFrom(200, 200, 200, 200, 200, 206, 404, 410, 403, 302, 304, 503),
        /** When the copy was made, in seconds after the send; else an Age that is no such time. */
        made: fc.constantFrom(-3_600, -3_600, -3_598, -3, 0, 0, 30, 63, "30", "soon"),
        etag: fc.constantFrom('"v1"', '"v1"', 'W/"v1"', '"v2"', '"v1-gzip"', '""'),
        "last-modified": fc.constantFrom("Mon, 23 Nov 2026 10:00:00 GMT", "Mon, 23 Nov 2026 17:59:59 GMT"),
        "content-length": fc.constantFrom("900", "901"),
        "content-type": fc.constantFrom("image/webp", "image/webp", "image/webp", "image/avif", "text/html"),
        "x-cache": fc.constantFrom("Hit from cloudfront", "Miss from cloudfront", "HIT, MISS"),
        "cf-cache-status": fc.constantFrom("HIT", "MISS", "DYNAMIC"),
        "x-amz-cf-pop": fc.constantFrom("FRA56-P5", "AMS1-C1"),
      },
      { requiredKeys: ["at", "status", "content-type"] },
    )
    .map(({ at, status, made, ...others }) => {
      const headers = new Headers(Object.entries(others).filter((line) => line[1] !== undefined));
      if (made !== undefined) headers.set("age", typeof made === "string" ? made : String(at - made));
      return interpretAnswer({ status, headers }, sentAt + at * second);
    });

const evidence = fc.record(
  {
    reading: reading(65, 125, 425),
    before: reading(0),
    previous: reading(65, 125),
    changedAt: fc.constantFrom(-5_000, -30, -2, 3).map((at) => sentAt + at * second),
    isLastTry: fc.boolean(),
  },
  { requiredKeys: ["reading", "isLastTry"] },
);

/** Each claim, and what must then be so, whatever else the answers say. */
const claims: Readonly<Record<string, (seen: Evidence) => boolean>> = {
  fresh: ({ reading, before }) =>
    before?.fingerprint !== undefined &&
    reading.fingerprint !== undefined &&
    reading.fingerprint !== before.fingerprint &&
    reading.type === before.type,
  unchanged: ({ reading, before, changedAt = Number.NaN }) =>
    reading.fingerprint !== undefined &&
    reading.fingerprint === before?.fingerprint &&
    (reading.madeAt ?? 0) > completedAt + skewMs &&
    (before.madeAt ?? Number.NaN) < changedAt,
  stale: ({ reading, before, previous, isLastTry }) =>
    isLastTry &&
    reading.fingerprint !== undefined &&
    reading.fingerprint === before?.fingerprint &&
    (reading.madeAt ?? Number.NaN) < sentAt - skewMs &&
    [before, previous].some(
      (earlier) =>
        earlier?.fingerprint === reading.fingerprint &&
        earlier?.madeAt !== undefined &&
        reading.at - earlier.at >= 10 * second,
    ),
  gone: ({ reading }) =>
    [404, 410].includes(reading.status ?? 0) && (reading.madeAt ?? 0) > completedAt + skewMs,
};

test.each(Object.entries(claims))(
  "no answers whatever are called %s without its proof",
  (outcome, isProven) => {
    fc.assert(
      fc.property(evidence, (some) => {
        const seen = { ...some, sentAt, completedAt };
        if (decideOutcome(seen).outcome === outcome) expect(isProven(seen)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  },
);

test("the last try decides, whatever the answers are", () => {
  fc.assert(
    fc.property(evidence, (some) => {
      const seen = { ...some, sentAt, completedAt, isLastTry: true };
      expect(decideOutcome(seen).outcome).not.toBe("undecided");
    }),
  );
});

test("each claim is made of some answers", () => {
  const made = fc.sample(evidence, { numRuns: 3_000, seed: 1 });
  const outcomes = new Set(made.map((some) => decideOutcome({ ...some, sentAt, completedAt }).outcome));
  expect([...outcomes]).toEqual(expect.arrayContaining(Object.keys(claims)));
});
