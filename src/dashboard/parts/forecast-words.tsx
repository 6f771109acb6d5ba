import type { Month } from "../../ledger/contract.ts";
import { dayMs, type Forecast } from "../forecast.ts";
import { average, count } from "./amount.ts";
import { Icon } from "./icon.tsx";
import { shortDate } from "./time.tsx";

type About = {
  readonly month: Month;
  readonly forecast: Forecast;
  readonly since: number;
};

/** The forecast in one sentence, and how it was made. */
export function ForecastWords({ month, forecast, since }: About) {
  const { budget, now } = month;
  const days = Math.max(1, (now - since) / dayMs);
  const isCalm = forecast.outcome === "lasts" || forecast.outcome === "unused";
  return (
    <div id="chart-words">
      <p class={isCalm ? "forecast-words" : "forecast-words warned"}>
        <Icon name={isCalm ? "ok" : "warning"} />
        <span>{sentence(month, forecast)}</span>
      </p>
      <p class="quiet small">
        A straight line: the units spent, reserved and spent elsewhere since {shortDate(since)}, divided by{" "}
        {average(days)} {days === 1 ? "day" : "days"} (today's part included, a whole day at least), carried
        on to the reset. It knows of no weekends and no sales.
        {budget.external === 0 ? "" : " What was spent elsewhere has no day; the chart begins at its height."}{" "}
        Days are UTC days.
      </p>
    </div>
  );
}

function sentence({ budget }: Month, forecast: Forecast): string {
  const pace = `At the average so far, ${average(forecast.perDay)} units a day,`;
  const reset = shortDate(budget.resetsAt);
  switch (forecast.outcome) {
    case "unused":
      return "Nothing was used in this period yet, so there is nothing to forecast.";
    case "exhausted":
      return `The budget is used up. At the average so far it would take about ${count(forecast.atEnd)} units until ${reset}.`;
    case "runs-out": {
      const early = Math.floor((budget.resetsAt - forecast.at) / dayMs);
      const before = early === 0 ? "within a day of" : early === 1 ? "1 day before" : `${early} days before`;
      return `${pace} the budget is used up on ${shortDate(forecast.at)}, ${before} the reset on ${reset}.`;
    }
    case "lasts":
      return `${pace} the budget lasts: about ${count(forecast.atEnd)} of ${count(budget.quota - budget.margin)} units will be used by ${reset}.`;
  }
}
