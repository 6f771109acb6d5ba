import type { Budget } from "../../../domain/batch.ts";
import { Callout } from "../../ui/callout.tsx";
import { dateIn } from "../../ui/time.tsx";
import { count, countUnits } from "./amount.ts";

/** What the month would be after a correction; undefined unless the correction itself uses more than is available. */
export function overdrawnBy(budget: Budget, external: number): number | undefined {
  const after = budget.available + budget.external - external;
  return after < 0 && external > budget.external ? -after : undefined;
}

/** Asks before a correction that overdraws the month, with the figures that would follow. */
export function OverdrawQuestion(props: {
  readonly budget: Budget;
  readonly external: number;
  readonly timeZone: string;
}) {
  const { budget, external, timeZone } = props;
  const over = overdrawnBy(budget, external) ?? 0;
  const held = Math.min(over, budget.reserved);
  return (
    <Callout kind="warning" id="overdraws">
      <p>
        <strong>Not entered yet: this overdraws the month by {countUnits(over)}.</strong> Of{" "}
        {countUnits(budget.quota)}, {count(budget.spent)} are spent here, {count(budget.reserved)} are
        reserved
        {budget.margin === 0 ? "" : `, ${count(budget.margin)} are kept as a margin`}, and {count(external)}{" "}
        would be spent elsewhere (now {count(budget.external)}).
      </p>
      <p>
        Then nothing is sent until {dateIn(timeZone, budget.resetsAt)}, unless the quota is raised
        {held === 0
          ? "."
          : `, and ${held === 1 ? "1 queued purge becomes" : `up to ${count(held)} queued purges become`} held.`}{" "}
        Enter it if ImageKit’s dashboard says so; otherwise change the number.
      </p>
    </Callout>
  );
}
