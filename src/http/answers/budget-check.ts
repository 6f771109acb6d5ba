import type { Budget } from "../../domain/batch.ts";
import { toIsoTime } from "../../domain/time.ts";
import type { Check } from "./check.ts";

/** A tenth of what may be spent in a month: the time to act is before it is used up. */
const lowShare = 0.1;

const raise = "ask ImageKit's support for a higher quota, and raise PURGE_MONTHLY_QUOTA when it is granted";

/** Whether the month's budget is low, used up or overdrawn, and what to do about it. */
export function budgetCheck({ quota, margin, available, resetsAt }: Budget): Check {
  const name = "budget";
  const usable = quota - margin;
  const until = `until ${toIsoTime(resetsAt)}`;
  if (available < 0) {
    return {
      name,
      state: "alarm",
      seen: `overdrawn by ${countText(-available)}; nothing is granted ${until}`,
      advice:
        "A correction or a lower quota left less than was spent, so ImageKit may block purges. Compare the month with " +
        `ImageKit's dashboard and correct the figure if it is wrong; otherwise ${raise}.`,
    };
  }
  if (available === 0) {
    return {
      name,
      state: "alarm",
      seen: `all of ${countText(usable)} units are used up ${until}`,
      advice: `New purges are refused, or held if they ask for it. To purge before then, ${raise}.`,
    };
  }
  if (available > usable * lowShare) {
    return { name, state: "ok", seen: "more than a tenth of the month is left", advice: null };
  }
  return {
    name,
    state: "warning",
    seen: `low: ${countText(available)} of ${countText(usable)} units are left ${until}`,
    advice: `Put off what can wait, clear an image with one wildcard (shoe.jpg*) instead of many URLs, or ${raise}.`,
  };
}

/** `1,000`, as everywhere else. */
export function countText(count: number): string {
  return count.toLocaleString("en");
}
