import type { EpochMs } from "../../../domain/time.ts";
import type { Month } from "../../../ledger/contract.ts";
import { shortDate } from "../../ui/time.tsx";
import { count } from "./amount.ts";
import { dayMs } from "./forecast.ts";

/** The figures behind the chart. */
export function DayTable({ month }: { readonly month: Month }) {
  return (
    <details class="figures-behind">
      <summary>Show as a table</summary>
      <table>
        <caption>Units sent on each UTC day of the period</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col" class="number">
              Units
            </th>
            <th scope="col" class="number">
              Total
            </th>
          </tr>
        </thead>
        <tbody>
          {daysSoFar(month).map(({ at, units, soFar }) => (
            <tr>
              <th scope="row">{shortDate(at)}</th>
              <td class="number">{count(units)}</td>
              <td class="number">{count(soFar)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

type Day = { readonly at: EpochMs; readonly units: number; readonly soFar: number };

/** Every UTC day of the period so far, including days without sends. */
export function daysSoFar({ days, startsAt, now }: Pick<Month, "days" | "startsAt" | "now">): readonly Day[] {
  const unitsOn = new Map(days.map(({ at, units }) => [at, units]));
  const first = Math.floor(startsAt / dayMs) * dayMs;
  const found: Day[] = [];
  let soFar = 0;
  for (let at = first; at <= Math.max(now, first); at += dayMs) {
    const units = unitsOn.get(at) ?? 0;
    soFar += units;
    found.push({ at, units, soFar });
  }
  return found;
}
