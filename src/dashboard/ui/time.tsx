import { tzOffset } from "@date-fns/tz/tzOffset";
import type { EpochMs } from "../../domain/time.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * A time in UTC. The script rewrites it in the reader's zone; the title stays in UTC. `age`: the script shows “3 min
 * ago” instead. `clock`: only the time of day.
 */
export function Time({ at, show = "moment" }: { readonly at: EpochMs; readonly show?: TimeShown }) {
  const iso = new Date(at).toISOString();
  const attributes = show === "moment" ? {} : { "data-show": show };
  return (
    <time datetime={iso} title={exactTime(at)} {...attributes}>
      {show === "clock" ? `${iso.slice(11, 19)} UTC` : shortTime(at)}
    </time>
  );
}

type TimeShown = "moment" | "age" | "clock";

/** `24 Nov, 03:10 UTC`. */
export function shortTime(at: EpochMs): string {
  const iso = new Date(at).toISOString();
  return `${shortDate(at)}, ${iso.slice(11, 16)} UTC`;
}

/** `24 Nov`. */
export function shortDate(at: EpochMs): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
}

/** `2026-11-24 03:10:38 UTC`. */
function exactTime(at: EpochMs): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `1 Dec`: the date in that time zone. */
export function dateIn(timeZone: string, at: EpochMs): string {
  return shortDate(wallClockIn(timeZone, at));
}

/** The instant at which clocks in UTC show what clocks in that zone show at `at`. */
export function wallClockIn(timeZone: string, at: EpochMs): EpochMs {
  return at + tzOffset(timeZone, new Date(at)) * 60_000;
}
