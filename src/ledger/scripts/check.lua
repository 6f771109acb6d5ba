-- Settles what readings of the edge showed, and leases more: of the given purges, or of any that are due. It opens no
-- books, because a check changes no unit and no state; so it stays cheap.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  settlements?: { lane ('check'), purgeId, token, try?, result: { outcome, cause?, after?, before? } },
--          lease?: { token, limit (purges), purgeIds? }, batchId?
-- Replies  'advanced', the leases as JSON ({ leases: { purgeId, leasedAt (ms), sentAt (ms), completedAt (ms),
--          changedAt? (ms), edge }, retryInMs? }), then, if asked for, the batch (lib/batch-reply.lua)
-- Again    settles nothing twice, since the purge knows the settlement's token; the lease's token gets the same leases
--@include schedule
--@include settle-check
--@include batch-reply
--@include run


local function leaseChecks(limit, ids)
  local due, laterAt = dueAmong(CHECKS, limit, ids)
  local purges, leased, scores, gone = loadAll(due), {}, {}, {}
  for _, id in ipairs(due) do
    local purge = purges[id]
    if purge and edgeCheck.isDue(purge) then
      leased[#leased + 1] = {
        purgeId = id, leasedAt = now, sentAt = purge.sentAt, completedAt = purge.completedAt,
        changedAt = purge.changedAt, edge = purge.edge,
      }
      scores[#scores + 1] = now + timings.checkLeaseMs
      scores[#scores + 1] = id
    elseif purge and purge.alarm == 'stale' then
      edgeCheck.endStale(purge, SERVICE, 'The alarm about the old copy ended after a day.')
      save(purge)
    else
      gone[#gone + 1] = id
    end
  end
  if #scores > 0 then call('ZADD', CHECKS, unpack(scores)) end
  if #gone > 0 then call('ZREM', CHECKS, unpack(gone)) end
  if not ids and #leased > 0 then laterAt = math.min(laterAt or math.huge, now + timings.checkLeaseMs) end
  return leased, laterAt
end

-- Neither settings nor ImageKit's pace change anything in this lane, and whatever enters it ends its rest. So it rests
-- until its first check, and for a week while it is empty: an idle month costs nothing more.
local function restUntilFirst(firstAt)
  restUntil('check', math.floor(math.min(firstAt or math.huge, now + 7 * DAY)))
end

local function lease(request)
  edgeCheck.mendQueue()
  local leased, laterAt = leaseChecks(request.limit, request.purgeIds)
  if #leased == 0 and not request.purgeIds then restUntilFirst(laterAt) end
  local reply = cjson.encode({ leases = leased, retryInMs = laterAt and math.max(0, laterAt - now) })
  if #leased > 0 then call('SET', family.lease .. request.token, reply, 'PX', 2 * MINUTE) end
  return reply
end

return run(function()
  refuseNewerSchema(call('HGET', LEDGER, 'schema'))
  local settlements = input.settlements or {}
  checkReadings(settlements)
  local ids = {}
  for i, settlement in ipairs(settlements) do ids[i] = settlement.purgeId end
  local purges = loadAll(ids)
  for _, settlement in ipairs(settlements) do
    local purge = purges[settlement.purgeId]
    if purge then settleCheck(purge, settlement) end
  end

  local leased = cjson.encode({ leases = {} })
  if input.lease then leased = call('GET', family.lease .. input.lease.token) or lease(input.lease) end
  closing.records()
  closeUnchanged()
  if not input.batchId then return { 'advanced', leased } end
  openBooks()
  return replyWithBatch('advanced', input.batchId, leased)
end)
