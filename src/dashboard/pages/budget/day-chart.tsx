import type { EpochMs } from "../../../domain/time.ts";
import type { Month } from "../../../ledger/contract.ts";
import { dateIn, shortDate } from "../../ui/time.tsx";
import { count, countUnits, percent } from "./amount.ts";
import { daysSoFar } from "./day-table.tsx";
import { dayMs, type Forecast } from "./forecast.ts";

type ChartAbout = {
  readonly month: Month;
  readonly forecast: Forecast;
  readonly used: number;
  readonly timeZone: string;
};

/** Above: the month's running total, the quota and the forecast. Below: the units of each day. */
const grown = { top: 20, bottom: 200 } as const;
const daily = { top: 232, bottom: 292 } as const;

/**
 * Horizontal lengths are percentages and vertical ones pixels, so that text keeps its size on every screen.
 * `chart-words` describes it, and the table below has the figures.
 */
export function DayChart({ month, forecast, used, timeZone }: ChartAbout) {
  const { startsAt, now, budget } = month;
  const limit = budget.quota - budget.margin;
  const days = daysSoFar(month);
  const across = (at: EpochMs) =>
    percent(clamp(at, startsAt, budget.resetsAt) - startsAt, budget.resetsAt - startsAt);
  const wide = (from: EpochMs, to: EpochMs) =>
    percent(
      Math.max(0, Math.min(to, budget.resetsAt) - Math.max(from, startsAt)),
      budget.resetsAt - startsAt,
    );
  const top = Math.max(limit * 1.12, used * 1.05);
  const up = (units: number) => round(grown.bottom - (Math.max(0, units) / top) * (grown.bottom - grown.top));
  const most = Math.max(1, ...days.map(({ units }) => units));
  const high = (units: number) => round((Math.max(0, units) / most) * (daily.bottom - daily.top));
  const nowIsLate = now - startsAt > (budget.resetsAt - startsAt) * 0.8;
  return (
    <svg
      class="day-chart"
      width="100%"
      height="336"
      role="img"
      aria-label="Units by day and forecast"
      aria-describedby="chart-words"
    >
      {[0, limit / 2].map((units) => (
        <line class="grid" x1="0" x2="100%" y1={up(units)} y2={up(units)} />
      ))}
      <g shape-rendering="crispEdges">
        {days.map(({ at, soFar }) => (
          <rect
            class="grown"
            x={across(at)}
            y={up(budget.external + soFar)}
            width={wide(at, Math.min(at + dayMs, now))}
            height={round(grown.bottom - up(budget.external + soFar))}
          />
        ))}
        {budget.external === 0 ? null : (
          <rect
            class="elsewhere"
            x="0"
            y={up(budget.external)}
            width={wide(startsAt, now)}
            height={round(grown.bottom - up(budget.external))}
          />
        )}
      </g>
      <text x="0" y={up(limit / 2) - 5}>
        {count(limit / 2)}
      </text>
      {up(budget.external) > grown.bottom - 20 ? null : (
        <text x="6" y={grown.bottom - 6}>
          spent elsewhere
        </text>
      )}
      <line class="today" x1={across(now)} x2={across(now)} y1={grown.top - 6} y2={daily.bottom} />
      <ForecastLine {...{ month, forecast, used, timeZone, across, up }} />
      <line class="limit" x1="0" x2="100%" y1={up(limit)} y2={up(limit)} />
      <text class="strong" x="0" y={up(limit) - 6}>
        {budget.margin === 0 ? "Quota" : "Quota less margin"} {count(limit)}
      </text>
      <circle class="used" cx={across(now)} cy={up(used)} r="4" />

      <text x="0" y={daily.top - 8}>
        Each day (most: {count(Math.max(0, ...days.map(({ units }) => units)))})
      </text>
      <line class="grid" x1="0" x2="100%" y1={daily.bottom} y2={daily.bottom} />
      {days.map(({ at, units }) => (
        <rect
          class="daily"
          x={across(at + dayMs * 0.12)}
          y={daily.bottom - high(units)}
          width={wide(at + dayMs * 0.12, at + dayMs * 0.88)}
          height={high(units)}
        >
          <title>{`${shortDate(at)}: ${countUnits(units)}`}</title>
        </rect>
      ))}
      <text x="0" y={daily.bottom + 16}>
        {dateIn(timeZone, startsAt)}
      </text>
      <text x="100%" y={daily.bottom + 16} text-anchor="end">
        resets {dateIn(timeZone, budget.resetsAt)}
      </text>
      <text
        class="strong"
        x={across(now)}
        y={daily.bottom + 34}
        text-anchor={nowIsLate ? "end" : now - startsAt < 3 * dayMs ? "start" : "middle"}
      >
        today
      </text>
    </svg>
  );
}

/** From now to the reset, or to where it reaches the quota: nothing is sent beyond that. */
function ForecastLine(
  about: ChartAbout & {
    readonly across: (at: EpochMs) => string;
    readonly up: (units: number) => number;
  },
) {
  const { month, forecast, used, timeZone, across, up } = about;
  const { now, budget } = month;
  if (forecast.outcome === "unused" || forecast.outcome === "exhausted") return null;
  const endsAt = forecast.outcome === "runs-out" ? forecast.at : budget.resetsAt;
  const atEnd = used + (forecast.perDay * (endsAt - now)) / dayMs;
  // The label fits below the quota line to the right of the point, and above it to the left.
  const isLate =
    forecast.outcome === "runs-out" &&
    forecast.at - month.startsAt > (budget.resetsAt - month.startsAt) * 0.65;
  return (
    <>
      <line class="forecast" x1={across(now)} y1={up(used)} x2={across(endsAt)} y2={up(atEnd)} />
      {forecast.outcome === "runs-out" ? (
        <>
          <circle class="runs-out" cx={across(forecast.at)} cy={up(budget.quota - budget.margin)} r="5" />
          <text
            class="strong runs-out-words"
            x={across(forecast.at)}
            dx={isLate ? -10 : 10}
            y={up(budget.quota - budget.margin) + (isLate ? -6 : 18)}
            text-anchor={isLate ? "end" : "start"}
          >
            used up {dateIn(timeZone, forecast.at)}
          </text>
        </>
      ) : null}
    </>
  );
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
