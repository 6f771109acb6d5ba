import type { Advance, AdvanceReply } from "./leases.ts";
import { batchReply } from "./lua/batch-reply.ts";
import { books } from "./lua/books.ts";
import { lease } from "./lua/lease.ts";
import { pace } from "./lua/pace.ts";
import { record } from "./lua/record.ts";
import { rests } from "./lua/rests.ts";
import { settle } from "./lua/settle.ts";
import { setup } from "./lua/setup.ts";
import { trim } from "./lua/trim.ts";
import { units } from "./lua/units.ts";
import { parseBatch, parseLeases } from "./replies.ts";
import { type RunScript, script } from "./script.ts";

/**
 * Settles what is back from ImageKit and leases more, of the given purges or of whatever is due.
 *
 * KEYS     all of the ledger's (keys.ts)
 * ARGV[2]  settlements?: { endpoint, purgeId, token, imagekitRequestId?, result },
 *          lease?: { endpoint ('send' | 'poll'), token, limit, purgeIds? }, batchId?
 * Replies  'advanced', the leases as JSON ({ leases: { purgeId, url | imagekitRequestId }, retryInMs? }), batch…
 * Again    a settlement is known by its token, a lease by its request's: both change nothing
 */
const advanceScript = script(
  "advance",
  [setup, books, rests, record, units, pace, lease, settle, trim, batchReply],
  /* lua */ `
openBooks()
local settlements = input.settlements or {}
checkSettlements(settlements)
local ids = {}
for i, settlement in ipairs(settlements) do ids[i] = settlement.purgeId end
local purges = loadAll(ids)
for _, settlement in ipairs(settlements) do
  local purge = purges[settlement.purgeId]
  if purge and settlement.endpoint == 'send' then
    settleSend(purge, settlement)
  elseif purge then
    settlePoll(purge, settlement)
  else
    -- Leased here, and its record is gone: only a lost database does that.
    call('HSETNX', ALARMS, 'ledger-lost', cjson.encode({ since = now }))
  end
end

local leased = cjson.encode({ leases = {} })
if input.lease then
  if not input.lease.purgeIds then
    balance()
    trimIndex()
  end
  leased = leaseOnce(input.lease)
end
closePaces()
closeRecords()
closeBooks()
if input.batchId and call('EXISTS', family.batch .. input.batchId) == 1 then
  return replyWithBatch('advanced', input.batchId, leased)
end
return { 'advanced', leased }
`,
);

export async function advance(
  run: RunScript,
  { settlements, lease, batchId }: Advance,
): Promise<AdvanceReply> {
  const [, leases, ...batch] = await run(advanceScript, { settlements, lease, batchId });
  return {
    ...(lease ? parseLeases(leases, lease) : { leases: [] }),
    batch: batch.length > 0 ? parseBatch(batch) : undefined,
  };
}
