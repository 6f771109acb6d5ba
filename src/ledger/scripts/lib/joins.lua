-- Which purge of the same target a new line may join (G6).
--
--     accepted                    sent
--   ─────┬──────────────────────────┬─────────────────────►
--        │◄─ any request joins it ─►│◄─ joined by requests whose `changedAt` is not later than the send
--
-- A clock that runs ahead states a `changedAt` after the send that served it. So `family.changed` remembers, by the
-- stated instant, which purges such requests were given: a request that states the same instant gets the same purges.
-- An instant without milliseconds never does, because two changes may have it. A scheduled purge takes no part in that:
-- its send is not near the change. Its pointer has the instant in its name, so that only requests for that instant
-- find it.
--
-- An open purge lists the batches that wait for it, since each may cancel its part, and every step reads and writes its
-- whole record. So at most 500 batches share it. The next one makes a purge of its own, for one unit: only a hook in a
-- loop joins that often. A purge that has ended can be joined without limit, because no batch waits for it.
--@include buffer
--@exports MOST_BATCHES, findJoins, rememberChange

MOST_BATCHES = 500

-- A purge clears the changed content if it is not yet sent, or was sent after the change. A waiting resend counts as
-- sent while its first send may still be answered: then nothing more is sent.
local function mayJoin(purge, sentSince)
  local state = purge.state
  if not isTerminal(state) and #purge.batches >= MOST_BATCHES then return false end
  if (state == 'queued' or state == 'held') and not purge.lostLease then return true end
  if state == 'refused' or state == 'cancelled' or state == 'abandoned' then return false end
  -- It cleared nothing, as the edge shows.
  if purge.edge and purge.edge.outcome == 'stale' then return false end
  return type(purge.sentAt) == 'number' and purge.sentAt >= sentSince
end

local function hasMilliseconds(changedAt) return changedAt and changedAt % SECOND ~= 0 end

-- A whole second stands for any moment of it.
local function latestChange(changedAt)
  if not changedAt then return now end
  return hasMilliseconds(changedAt) and changedAt or changedAt + SECOND - 1
end

-- Finds a purge for each target that has none yet, among `pointers` (purge ids by target).
local function join(targets, pointers, sentSince, found)
  local ids = {}
  for i in ipairs(targets) do
    if pointers[i] and not found[i] then ids[#ids + 1] = pointers[i] end
  end
  local purges = loadAll(ids)
  for i in ipairs(targets) do
    local purge = not found[i] and pointers[i] and purges[pointers[i]]
    if purge and mayJoin(purge, sentSince) then found[i] = purge end
  end
end

-- For each target (the name of its pointer), in order: the purge that already serves it, or false. Also returns the id
-- of the newest purge of each target, if one is known.
function findJoins(targets, changedAt, isScheduled)
  local keys, found, isComplete = {}, {}, true
  for i, target in ipairs(targets) do keys[i], found[i] = family.target .. target, false end
  if #keys == 0 then return found, {} end
  local newest = readKeys(keys)
  join(targets, newest, latestChange(changedAt), found)
  for i in ipairs(targets) do isComplete = isComplete and found[i] end
  if not isComplete and hasMilliseconds(changedAt) and not isScheduled then
    join(targets, readFields(family.changed .. changedAt, targets), changedAt - timings.clockLeadMs, found)
  end
  return found, newest
end

-- Remembers which purge each target was given. Only a clock that runs ahead needs it: otherwise the purge is sent after
-- `changedAt` anyway.
function rememberChange(targets, ids, changedAt)
  if #ids == 0 or not hasMilliseconds(changedAt) or changedAt <= now then return end
  local given = {}
  for i, target in ipairs(targets) do given[2 * i - 1], given[2 * i] = target, ids[i] end
  call('HSET', family.changed .. changedAt, unpack(given))
  call('PEXPIRE', family.changed .. changedAt, DAY)
end
