import type { Budget } from "../../../domain/batch.ts";
import type { SupportText } from "../../../http/answers/support-text.ts";
import type { LedgerHealth } from "../../../ledger/contract.ts";
import { Callout } from "../../ui/callout.tsx";
import { SupportMail } from "../../ui/support-mail.tsx";
import { dateIn } from "../../ui/time.tsx";
import { count, countUnits } from "./amount.ts";

type BudgetIn = {
  readonly budget: Budget;
  /** The quota's time zone, used for its dates. */
  readonly timeZone: string;
};

/** Says what an exhausted budget means. Renders nothing while units are left and no purge is held. */
export function Exhausted({ budget, timeZone }: BudgetIn) {
  const { quota, margin, available, held, resetsAt } = budget;
  if (available > 0) return held === 0 ? null : <Waiting budget={budget} timeZone={timeZone} />;
  const used = budget.spent + budget.external + budget.reserved;
  const beyond =
    used > quota ? `${countUnits(used - quota)} more than the quota of ${count(quota)}` : undefined;
  const eaten = available < 0 && used <= quota ? `${countUnits(-available)} of the safety margin` : undefined;
  return (
    <Callout kind="alarm">
      <p>
        <strong>Nothing is available until {dateIn(timeZone, resetsAt)}.</strong>{" "}
        {beyond === undefined
          ? eaten === undefined
            ? `All ${countUnits(quota - margin)} that can be used are spent or reserved. `
            : `Spent and reserved units use up ${eaten}, because of a correction or a lowered quota. `
          : `Spent and reserved units come to ${beyond}, because of a correction or a lowered quota. `}
        New requests are refused, or wait if they allow it.
      </p>
      {held === 0 ? null : <p>{waitingWords({ budget, timeZone })}</p>}
    </Callout>
  );
}

function Waiting({ budget, timeZone }: BudgetIn) {
  return (
    <Callout kind="warning">
      <p>{waitingWords({ budget, timeZone })}</p>
    </Callout>
  );
}

function waitingWords({ budget, timeZone }: BudgetIn): string {
  const { held, resetsAt } = budget;
  const what = held === 1 ? "1 purge waits" : `${count(held)} purges wait`;
  return `${what} for budget. They go out oldest first, on ${dateIn(timeZone, resetsAt)} or as soon as the quota is raised.`;
}

/** Asks for the units spent before the ledger began, if it began during this period. */
export function FirstMonth(props: {
  readonly health: LedgerHealth;
  readonly action: string;
  readonly mayCorrect: boolean;
  readonly timeZone: string;
}) {
  const { health, action, mayCorrect, timeZone } = props;
  if (!health.firstMonth || health.externalStated) return null;
  return (
    <Callout kind="warning">
      <p>
        <strong>Units spent before Purge Desk are not known.</strong> It began{" "}
        {health.createdAt === undefined ? "just now" : `on ${dateIn(timeZone, health.createdAt)}`}, after this
        period began. Find in ImageKit's dashboard how many purges were made since the period began, and enter
        that number as a correction, even if it is 0.
      </p>
      {mayCorrect ? (
        <form method="post" action={action}>
          <input type="hidden" name="external" value="0" />
          <input type="hidden" name="reason" value="Nothing was spent elsewhere" />
          <p>
            <a href="#correction">Enter the number</a>, or:{" "}
            <button type="submit">Nothing was spent elsewhere</button>
          </p>
        </form>
      ) : (
        <p>Ask an admin to enter it.</p>
      )}
    </Callout>
  );
}

/** An email that asks ImageKit for more units, ready to send. */
export function AskForMore({ support }: { readonly support: SupportText }) {
  return (
    <section aria-labelledby="more-title" class="ask-for-more">
      <h2 id="more-title">Ask ImageKit for more</h2>
      <p>
        ImageKit's support raises the quota on request. Then set <code>PURGE_MONTHLY_QUOTA</code> to the new
        quota; it takes effect at once.
      </p>
      <SupportMail id="support-text" support={support} />
    </section>
  );
}
