-- Settles what ImageKit has answered, and leases more: of the given purges, or of any that are due.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  settlements?: { lane, purgeId, token, imagekitRequestId?, result, before? },
--          lease?: { lane ('send' | 'poll'), token, limit (purges), purgeIds? }, batchId?
-- Replies  'advanced', the leases as JSON ({ leases: { purgeId, url, leasedAt (ms), checkUrl? } |
--          { purgeId, imagekitRequestId }, retryInMs? }), then, if asked for, the batch (lib/batch-reply.lua)
-- Again    settles nothing twice, since the purge knows the settlement's token, and leases no send twice, since the
--          lease's token gets the same leases
--@include settle-poll
--@include trim
--@include batch-reply
--@include run

return run(function()
  openBooks()
  local settlements = input.settlements or {}
  checkSettlements(settlements)
  local ids = {}
  for i, settlement in ipairs(settlements) do ids[i] = settlement.purgeId end
  local purges = loadAll(ids)
  for _, settlement in ipairs(settlements) do
    local purge = purges[settlement.purgeId]
    if purge and settlement.lane == 'send' then
      settleSend(purge, settlement)
    elseif purge then
      settlePoll(purge, settlement)
    else
      settleWithoutRecord(settlement)
    end
  end

  local leased = cjson.encode({ leases = {} })
  if input.lease then
    if input.lease.lane == 'send' and not input.lease.purgeIds then
      balance()
      trimIndex()
    end
    leased = leaseOnce(input.lease)
  end
  closeAll()
  return input.batchId and replyWithBatch('advanced', input.batchId, leased) or { 'advanced', leased }
end)
