import type { Budget, Correction } from "./contract.ts";
import { books } from "./lua/books.ts";
import { record } from "./lua/record.ts";
import { setup } from "./lua/setup.ts";
import { units } from "./lua/units.ts";
import { parseBudget } from "./replies.ts";
import { type RunScript, script } from "./script.ts";

/**
 * Sets what was spent elsewhere this month. Always accepted: what is queued beyond the budget becomes held.
 *
 * KEYS     all of the ledger's (keys.ts)
 * ARGV[2]  external (units), reason?, actor, operation (the id of this call)
 * Replies  'budget' and it as JSON
 * Again    the figure is set, not added; the list of corrections remembers the operation
 */
const correctScript = script(
  "correct",
  [setup, books, record, units],
  /* lua */ `
openBooks()
books.external = input.external
local month, list = family.month .. books.startsAt, family.corrections .. books.startsAt
redis.call('HSET', month, 'external', input.external)
local latest = redis.call('LINDEX', list, 0)
if not (latest and cjson.decode(latest).operation == input.operation) then
  redis.call('LPUSH', list, cjson.encode({
    at = now, external = input.external, reason = input.reason, actor = input.actor, operation = input.operation,
  }))
  redis.call('LTRIM', list, 0, 99)
  redis.call('PEXPIREAT', list, books.endsAt + retentionMs)
end
-- Somebody has said what the month cost so far, which is all that a lost database could not tell.
redis.call('HDEL', ALARMS, 'ledger-lost')
redis.call('HSET', LEDGER, 'statedAt', now)
books.lost = false
balance()
closeRecords()
closeBooks()
return { 'budget', budgetReply() }
`,
);

export async function correct(
  run: RunScript,
  correction: Correction & { readonly operation: string },
): Promise<Budget> {
  const [, budget] = await run(correctScript, correction);
  return parseBudget(budget);
}
