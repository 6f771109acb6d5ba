import { tzOffset } from "@date-fns/tz/tzOffset";
import type { EpochMs } from "../../time.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * A moment in UTC. The script rewrites it in the reader's zone; hovering shows UTC either way. `age`: the script says
 * "3 minutes ago" instead; `clock`: only the time of day.
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

/** `1 Dec`: the day that it is then in that zone, such as the quota's. */
export function dateIn(timeZone: string, at: EpochMs): string {
  return shortDate(wallClockIn(timeZone, at));
}

/** The instant at which UTC's clocks show what that zone's clocks show now. */
export function wallClockIn(timeZone: string, at: EpochMs): EpochMs {
  return at + tzOffset(timeZone, new Date(at)) * 60_000;
}
