import { TZDateMini } from "@date-fns/tz/date/mini";
import type { EpochMs } from "../time.ts";

/** One month of quota: from its start (inclusive) to its end (exclusive). */
export type Period = {
  /** `YYYY-MM` in which it begins, in the quota's zone. */
  readonly month: string;
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
};

/** When a month turns. When ImageKit's does is undocumented, hence the two settings. */
export type TurnRule = { readonly timeZone: string; readonly resetDay: number };

/**
 * The period in force at an instant, the one before and the one after, oldest first. A reset day past a month's
 * end means its last day; a midnight that daylight saving skips means the first instant after it.
 */
export function periodsAround(at: EpochMs, rule: TurnRule): readonly Period[] {
  const local = new TZDateMini(at, rule.timeZone);
  const thisMonth = local.getFullYear() * 12 + local.getMonth();
  const turned = at >= turnOf(thisMonth, rule) ? thisMonth : thisMonth - 1;
  return [turned - 1, turned, turned + 1].map((month) => ({
    month: `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`,
    startsAt: turnOf(month, rule),
    endsAt: turnOf(month + 1, rule),
  }));
}

/** The instant of the turn in a month, counted as year * 12 + month from 0. */
function turnOf(month: number, rule: TurnRule): EpochMs {
  const year = Math.floor(month / 12);
  const monthIndex = month % 12;
  const lastDay = new Date(Date.UTC(year, monthIndex + 1, 0)).getUTCDate();
  return new TZDateMini(
    year,
    monthIndex,
    Math.min(rule.resetDay, lastDay),
    0,
    0,
    0,
    0,
    rule.timeZone,
  ).getTime();
}
