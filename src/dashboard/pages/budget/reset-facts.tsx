import type { EpochMs } from "../../../domain/time.ts";
import type { Month } from "../../../ledger/contract.ts";
import type { LedgerPolicy } from "../../../ledger/policy.ts";
import { Time, wallClockIn } from "../../ui/time.tsx";
import { countUnits } from "./amount.ts";
import { dayMs } from "./forecast.ts";

/** When the budget resets, and the settings that decide it. */
export function ResetFacts({ month, policy }: { readonly month: Month; readonly policy: LedgerPolicy }) {
  const { resetsAt } = month.budget;
  return (
    <dl class="facts">
      <div>
        <dt>Resets</dt>
        <dd>
          <strong>{inDays(month.now, resetsAt, policy.timeZone)}</strong>: {inZone(resetsAt, policy.timeZone)}{" "}
          in {policy.timeZone}
        </dd>
        <dd class="quiet small">
          By your clock: <Time at={resetsAt} />
        </dd>
      </div>
      <div>
        <dt>Quota</dt>
        <dd>{countUnits(month.budget.quota)} a month</dd>
        <dd class="quiet small">Set by PURGE_MONTHLY_QUOTA. ImageKit's support raises it on request.</dd>
      </div>
      <div>
        <dt>The month starts</dt>
        <dd>
          on day {policy.resetDay}, at midnight in {policy.timeZone}
        </dd>
        <dd class="quiet small">
          ImageKit does not document when its own month starts. A changed setting applies from the next
          period.
        </dd>
      </div>
    </dl>
  );
}

/** `today`, `tomorrow`, `in 6 days`, in calendar days of that zone. */
function inDays(now: EpochMs, at: EpochMs, timeZone: string): string {
  const dayOf = (instant: EpochMs) => Math.floor(wallClockIn(timeZone, instant) / dayMs);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(dayOf(at) - dayOf(now), "day");
}

/** `1 December 2026, 00:00`. */
function inZone(at: EpochMs, timeZone: string): string {
  const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone });
  const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone });
  return `${date.format(at)}, ${clock.format(at)}`;
}
