import { tzOffset } from "@date-fns/tz/tzOffset";
import type { EpochMs } from "../domain/time.ts";

/** One month of quota: from its start (inclusive) to its end (exclusive). */
export type Period = {
  /** `YYYY-MM` in which it begins, in the quota's zone. */
  readonly month: string;
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
};

/** When a month turns. ImageKit does not document when its month does, hence the two settings. */
export type TurnRule = { readonly timeZone: string; readonly resetDay: number };

/**
 * The period in force at an instant, with the one before and the one after, oldest first. A reset day past a month's end
 * means its last day. If daylight saving skips midnight, the turn is the first instant after it.
 */
export function periodsAround(at: EpochMs, rule: TurnRule): readonly Period[] {
  const local = new Date(at + offsetMs(at, rule.timeZone));
  const thisMonth = local.getUTCFullYear() * 12 + local.getUTCMonth();
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
  const midnight = Date.UTC(year, monthIndex, Math.min(rule.resetDay, lastDay));
  // The offset may change that day, so this tries the one before and the one after: the first that gives midnight wins.
  // If neither does, the change skips midnight. Then the offset before gives the instant of the change.
  const [before = midnight, after = midnight] = [-36, 36].map(
    (hours) => midnight - offsetMs(midnight + hours * hourMs, rule.timeZone),
  );
  const isMidnight = (instant: EpochMs) => instant + offsetMs(instant, rule.timeZone) === midnight;
  return !isMidnight(before) && isMidnight(after) ? after : before;
}

const hourMs = 3_600_000;

/**
 * A zone's offset from UTC at an instant. UTC, the default, needs no time zone data. Loading that data took half of the
 * CPU time that a cold function spent on its first answer beyond Node's own (32 of 60 ms, measured).
 */
function offsetMs(at: EpochMs, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  return tzOffset(timeZone, new Date(at)) * 60_000;
}
