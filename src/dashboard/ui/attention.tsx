import type { LedgerHealth } from "../../ledger/contract.ts";
import { linkTo } from "./context.ts";
import { Icon } from "./icon.tsx";
import { stateWords } from "./state.tsx";

/** The states of open purges that a person should look at. The ledger counts them, so nothing is searched. */
const states = ["overdue", "unknown", "held"] as const;

/** The number of open purges that a person should look at. */
export function needAttention({ open }: Pick<LedgerHealth, "open">): number {
  return states.reduce((sum, state) => sum + (open[state] ?? 0), 0);
}

/** How many purges are open, and how many of them need attention, each a link to those. */
export function Attention({
  health,
  basePath,
}: {
  readonly health: LedgerHealth;
  readonly basePath: string;
}) {
  const counts = Object.values(health.open).reduce((sum, count) => sum + count, 0);
  const link = (state: string) => `${linkTo({ basePath }, "/")}?state=${state}`;
  return (
    <ul class="attention" id="attention" aria-label="Open requests">
      {counts === 0 ? null : (
        <li>
          <a class="pill" href={link("open")}>
            {counts.toLocaleString("en")} open
          </a>
        </li>
      )}
      {health.scheduled === 0 ? null : (
        <li>
          <a class="pill state scheduled" href={link("scheduled")}>
            <Icon name="scheduled" />
            {health.scheduled.toLocaleString("en")} scheduled
          </a>
        </li>
      )}
      {states.map((state) => {
        const count = health.open[state] ?? 0;
        if (count === 0) return null;
        return (
          <li>
            <a class={`pill state ${state}`} href={link(state)}>
              <Icon name={state} />
              {count.toLocaleString("en")} {stateWords[state].word.toLowerCase()}
            </a>
          </li>
        );
      })}
    </ul>
  );
}
