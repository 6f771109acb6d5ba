import { maximumLines } from "../../../rules/limits.ts";
import { type BudgetNow, budgetAfter, type LineCounts } from "../../shared/count-lines.ts";
import { pluralize } from "../../shared/words.ts";

/** The form's figures; absent until the lines are planned. */
export type Tally = {
  readonly lines: number;
  readonly counts: LineCounts;
  /** Whether they are more than one batch can have. */
  readonly isMany: boolean;
};

/** "130 of 100" would make no sense: what exceeds one batch becomes several. */
function linesOf(lines: number): string {
  return lines > maximumLines ? lines.toLocaleString("en") : `${lines} of ${maximumLines}`;
}

/** Lines, price, and the budget afterwards. */
export function TallyList({
  tally,
  budget,
}: {
  readonly tally: Tally | undefined;
  readonly budget: BudgetNow | undefined;
}) {
  const lines = tally?.lines ?? 0;
  const after = tally === undefined || budget === undefined ? undefined : budgetAfter(tally.counts, budget);
  return (
    <dl class={`request-tally${after?.isShort ? " short" : ""}`} hidden={tally === undefined} data-tally>
      <div>
        <dt>Lines</dt>
        <dd>{linesOf(lines)}</dd>
      </div>
      <div>
        <dt>Price</dt>
        <dd>{pluralize(tally?.counts.units ?? 0, "unit")}</dd>
      </div>
      <div>
        <dt>Budget after</dt>
        <dd>{after?.words ?? "Not known"}</dd>
      </div>
    </dl>
  );
}
