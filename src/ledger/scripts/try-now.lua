-- Makes the next probe due now where a refused key (401, 403) has stopped all calls but one every few minutes. It still
-- takes a lease, one at a time: while a send is under way, its answer decides.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  operation (the id of this call)
-- Replies  'tried', then for sends and for status checks: 'due' | 'under-way' | 'not-blocked'
-- Again    changes nothing and replies 'due' once more: the pace knows the operation
--@include books
--@include pace
--@include run

local function tryLane(lane)
  if call('HGET', PACE[lane], 'triedBy') == input.operation then return 'due' end
  local pace = openPace(lane)
  if not pace.blockedBy then return 'not-blocked' end
  if lane == 'send' and tonumber(call('HGET', OPEN, 'sending') or '0') > 0 then return 'under-way' end
  pace.probeAt, pace.changed = math.min(pace.probeAt or now, now), true
  wake(lane)
  call('HSET', PACE[lane], 'triedBy', input.operation)
  return 'due'
end

return run(function()
  openBooks()
  local sends, polls = tryLane('send'), tryLane('poll')
  if sends == 'due' or polls == 'due' then closeAll() end
  return { 'tried', sends, polls }
end)
