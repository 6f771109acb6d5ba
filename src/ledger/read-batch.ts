import type { Batch, Budget } from "./batch.ts";
import { batchReply } from "./lua/batch-reply.ts";
import { books } from "./lua/books.ts";
import { setup } from "./lua/setup.ts";
import { parseBatch, parseBudget } from "./replies.ts";
import { type RunScript, script } from "./script.ts";

/**
 * A batch with its purges and the budget. Writes nothing.
 *
 * KEYS     all of the ledger's (keys.ts)
 * ARGV[2]  batchId
 * Replies  'batch' '' batch… (lua/batch-reply.ts) · 'absent'
 */
const readBatchScript = script(
  "read-batch",
  [setup, books, batchReply],
  /* lua */ `
if call('EXISTS', family.batch .. input.batchId) == 0 then return { 'absent' } end
openBooks()
return replyWithBatch('batch', input.batchId)
`,
);

export async function readBatch(run: RunScript, batchId: string): Promise<Batch | undefined> {
  const [word, , ...reply] = await run(readBatchScript, { batchId });
  return word === "batch" ? parseBatch(reply) : undefined;
}

/**
 * The budget alone. Writes nothing.
 *
 * KEYS     all of the ledger's (keys.ts)
 * ARGV[2]  {}
 * Replies  'budget' and it as JSON
 */
const readBudgetScript = script(
  "read-budget",
  [setup, books],
  /* lua */ `
openBooks()
return { 'budget', budgetReply() }
`,
);

export async function readBudget(run: RunScript): Promise<Budget> {
  const [, budget] = await run(readBudgetScript, {});
  return parseBudget(budget);
}
