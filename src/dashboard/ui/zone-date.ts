import { tzOffset } from "@date-fns/tz/tzOffset";
import type { EpochMs } from "../../time.ts";
import { shortDate } from "./time.tsx";

/** `1 Dec`: the day that it is then in that zone, such as the quota's. */
export function dateIn(timeZone: string, at: EpochMs): string {
  return shortDate(wallClockIn(timeZone, at));
}

/** The instant at which UTC's clocks show what that zone's clocks show now. */
export function wallClockIn(timeZone: string, at: EpochMs): EpochMs {
  return at + tzOffset(timeZone, new Date(at)) * 60_000;
}
