import type { EpochMs } from "../../../domain/time.ts";
import type { Month } from "../../../ledger/contract.ts";
import { Icon } from "../../ui/icon.tsx";
import { dateIn } from "../../ui/time.tsx";
import { average, count } from "./amount.ts";
import { dayMs, type Forecast } from "./forecast.ts";

type About = {
  readonly month: Month;
  readonly forecast: Forecast;
  readonly since: EpochMs;
  readonly timeZone: string;
};

/** The forecast in one sentence, and how it was made. */
export function ForecastWords({ month, forecast, since, timeZone }: About) {
  const { budget, now } = month;
  const days = Math.max(1, (now - since) / dayMs);
  const startsInDay = month.startsAt % dayMs;
  const isCalm = forecast.outcome === "lasts" || forecast.outcome === "unused";
  return (
    <div id="chart-words">
      <p class={isCalm ? "forecast-words" : "forecast-words warned"}>
        <Icon name={isCalm ? "ok" : "warning"} />
        <span>{sentence(month, forecast, timeZone)}</span>
      </p>
      <p class="quiet small">
        A straight line: the units spent, reserved and spent elsewhere since {dateIn(timeZone, since)},
        divided by {average(days)} {days === 1 ? "day" : "days"} (at least one, including today so far),
        continued until the reset. It does not know about weekends or sales.
        {budget.external === 0
          ? ""
          : " Units spent elsewhere have no day, so the chart starts at their total."}
        {startsInDay === 0
          ? " Days are UTC days."
          : ` Days are UTC days. The period began during one, at ${new Date(month.startsAt).toISOString().slice(11, 16)}.`}
      </p>
    </div>
  );
}

function sentence({ budget }: Month, forecast: Forecast, timeZone: string): string {
  const pace = `At the average so far, ${average(forecast.perDay)} units a day,`;
  const reset = dateIn(timeZone, budget.resetsAt);
  switch (forecast.outcome) {
    case "unused":
      return "Nothing has been used in this period, so there is nothing to forecast.";
    case "exhausted":
      return `The budget is used up. At the average so far, you would need about ${count(forecast.atEnd)} units by ${reset}.`;
    case "runs-out": {
      const early = Math.floor((budget.resetsAt - forecast.at) / dayMs);
      const before = early === 0 ? "within a day of" : early === 1 ? "1 day before" : `${early} days before`;
      return `${pace} the budget is used up on ${dateIn(timeZone, forecast.at)}, ${before} the reset on ${reset}.`;
    }
    case "lasts":
      return `${pace} the budget lasts: about ${count(forecast.atEnd)} of ${count(budget.quota - budget.margin)} units will be used by ${reset}.`;
  }
}
