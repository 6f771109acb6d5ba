import type { Month } from "../../../ledger/contract.ts";
import { count, percent } from "./amount.ts";

/** Units by actor, in figures and as bars. */
export function ActorBars({ actors }: Pick<Month, "actors">) {
  if (actors.length === 0) return <p class="quiet">Nothing has been sent in this period.</p>;
  const most = Math.max(1, ...actors.map(({ units }) => units));
  return (
    <table class="actors">
      <caption>Units sent in this period, by the token that asked for them</caption>
      <thead>
        <tr>
          <th scope="col">Actor</th>
          <th scope="col" class="number">
            Units
          </th>
          <td></td>
        </tr>
      </thead>
      <tbody>
        {actors.map(({ name, units }) => (
          <tr>
            <th scope="row">{name}</th>
            <td class="number">{count(units)}</td>
            <td class="bar-cell">
              <svg width="100%" height="12" aria-hidden="true">
                <rect class="bar" width={percent(Math.max(0, units), most)} height="12" rx="2" />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
