import fc from "fast-check";
import { expect, test } from "vitest";
import { periodsAround } from "../../src/ledger/periods.ts";
import { propertyRuns } from "../support/property-runs.ts";

const iso = (at: number) => new Date(at).toISOString();

/** The period in force at an instant, as the settings say. */
const inForce = [
  {
    at: "2026-11-15T12:00:00Z",
    timeZone: "UTC",
    resetDay: 1,
    month: "2026-11",
    from: "2026-11-01T00:00:00.000Z",
    to: "2026-12-01T00:00:00.000Z",
  },
  {
    at: "2026-12-31T23:59:59.999Z",
    timeZone: "UTC",
    resetDay: 1,
    month: "2026-12",
    from: "2026-12-01T00:00:00.000Z",
    to: "2027-01-01T00:00:00.000Z",
  },
  {
    at: "2027-01-01T00:00:00Z",
    timeZone: "UTC",
    resetDay: 1,
    month: "2027-01",
    from: "2027-01-01T00:00:00.000Z",
    to: "2027-02-01T00:00:00.000Z",
  },
  {
    at: "2027-01-14T23:59:59Z",
    timeZone: "UTC",
    resetDay: 15,
    month: "2026-12",
    from: "2026-12-15T00:00:00.000Z",
    to: "2027-01-15T00:00:00.000Z",
  },
  {
    at: "2027-02-10T00:00:00Z",
    timeZone: "UTC",
    resetDay: 31,
    month: "2027-01",
    from: "2027-01-31T00:00:00.000Z",
    to: "2027-02-28T00:00:00.000Z",
  },
  {
    at: "2028-02-29T00:00:00Z",
    timeZone: "UTC",
    resetDay: 31,
    month: "2028-02",
    from: "2028-02-29T00:00:00.000Z",
    to: "2028-03-31T00:00:00.000Z",
  },
  {
    at: "2028-02-29T12:00:00Z",
    timeZone: "UTC",
    resetDay: 30,
    month: "2028-02",
    from: "2028-02-29T00:00:00.000Z",
    to: "2028-03-30T00:00:00.000Z",
  },
  // Daylight saving begins within the period: it is an hour shorter.
  {
    at: "2026-03-15T00:00:00Z",
    timeZone: "Europe/Berlin",
    resetDay: 1,
    month: "2026-03",
    from: "2026-02-28T23:00:00.000Z",
    to: "2026-03-31T22:00:00.000Z",
  },
  {
    at: "2026-12-01T02:00:00Z",
    timeZone: "America/Sao_Paulo",
    resetDay: 1,
    month: "2026-11",
    from: "2026-11-01T03:00:00.000Z",
    to: "2026-12-01T03:00:00.000Z",
  },
  // Midnights that do not exist: Beirut's clocks go from 00:00 to 01:00 on 2026-03-29, Cairo's on 2026-04-24.
  {
    at: "2026-04-01T00:00:00Z",
    timeZone: "Asia/Beirut",
    resetDay: 29,
    month: "2026-03",
    from: "2026-03-28T22:00:00.000Z",
    to: "2026-04-28T21:00:00.000Z",
  },
  {
    at: "2026-04-25T00:00:00Z",
    timeZone: "Africa/Cairo",
    resetDay: 24,
    month: "2026-04",
    from: "2026-04-23T22:00:00.000Z",
    to: "2026-05-23T21:00:00.000Z",
  },
  {
    at: "2018-11-05T00:00:00Z",
    timeZone: "America/Sao_Paulo",
    resetDay: 4,
    month: "2018-11",
    from: "2018-11-04T03:00:00.000Z",
    to: "2018-12-04T02:00:00.000Z",
  },
  // A midnight that comes twice: Havana's clocks go back from 01:00 to 00:00 on 2026-11-01. The first one counts.
  {
    at: "2026-11-02T00:00:00Z",
    timeZone: "America/Havana",
    resetDay: 1,
    month: "2026-11",
    from: "2026-11-01T04:00:00.000Z",
    to: "2026-12-01T05:00:00.000Z",
  },
  {
    at: "2026-11-30T12:00:00Z",
    timeZone: "Pacific/Kiritimati",
    resetDay: 1,
    month: "2026-12",
    from: "2026-11-30T10:00:00.000Z",
    to: "2026-12-31T10:00:00.000Z",
  },
] as const;

test.each(inForce)(
  "at $at, day $resetDay in $timeZone: $from to $to",
  ({ at, timeZone, resetDay, ...expected }) => {
    const [, period] = periodsAround(Date.parse(at), { timeZone, resetDay });
    expect(period && { month: period.month, from: iso(period.startsAt), to: iso(period.endsAt) }).toEqual(
      expected,
    );
  },
);

const zones = Intl.supportedValuesOf("timeZone");
const rules = fc.record({ timeZone: fc.constantFrom(...zones), resetDay: fc.integer({ min: 1, max: 31 }) });
const years = { min: Date.parse("2026-01-01T00:00:00Z"), max: Date.parse("2036-01-01T00:00:00Z") };

test("periods tile time, without gap or overlap, in every zone and for every reset day", () => {
  fc.assert(
    fc.property(fc.integer(years), rules, (at, rule) => {
      const [before, now, after] = periodsAround(at, rule);
      if (!before || !now || !after) throw new Error("there are three");
      expect(now.startsAt).toBeLessThanOrEqual(at);
      expect(now.endsAt).toBeGreaterThan(at);
      expect(before.endsAt).toBe(now.startsAt);
      expect(after.startsAt).toBe(now.endsAt);
      expect(periodsAround(now.endsAt, rule)[1]).toEqual(after);
      expect(periodsAround(now.startsAt - 1, rule)[1]).toEqual(before);
    }),
    propertyRuns({ all: 500, fast: 100 }),
  );
});
