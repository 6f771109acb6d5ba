import * as z from "zod/mini";
import type { PlanReply, PlanTargets } from "./contract.ts";
import { books } from "./lua/books.ts";
import { joins } from "./lua/joins.ts";
import { record } from "./lua/record.ts";
import { rests } from "./lua/rests.ts";
import { setup } from "./lua/setup.ts";
import { units } from "./lua/units.ts";
import { parseBudget } from "./replies.ts";
import { type RunScript, script } from "./script.ts";
import { sha256Hex } from "./sha256.ts";

/**
 * What joining and the budget would say to these targets. Writes nothing.
 *
 * KEYS     all of the ledger's (keys.ts)
 * ARGV[2]  targets (SHA-256 of each URL), changedAt? (ms)
 * Replies  'plan' budget, then for each target the id of the purge it would join, or ''
 */
const planScript = script(
  "plan",
  [setup, books, rests, record, units, joins],
  /* lua */ `
openBooks()
local reply = { 'plan', budgetReply() }
for i, purge in ipairs(findJoins(input.targets, input.changedAt or now)) do
  reply[#reply + 1] = purge and purge.id or ''
end
return reply
`,
);

export async function plan(run: RunScript, { urls, changedAt }: PlanTargets): Promise<PlanReply> {
  const targets = await Promise.all(urls.map(sha256Hex));
  const [, budget, ...ids] = await run(planScript, { targets, changedAt });
  const joins = new Map<string, string>();
  urls.forEach((url, i) => {
    const id = z.string().parse(ids[i]);
    if (id !== "") joins.set(url, id);
  });
  return { budget: parseBudget(budget), joins };
}
