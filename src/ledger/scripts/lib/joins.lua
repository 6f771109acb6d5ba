-- Which purge of the same target a new line may join (G6).
--
-- An open purge lists the batches that wait for it, since each may cancel its part, and every step reads and writes its
-- whole record. So at most 500 batches share it. The next one makes a purge of its own, for one unit: only a hook in a
-- loop joins that often. A purge that has ended can be joined without limit, because no batch waits for it.
--@include buffer

local MOST_BATCHES = 500

-- A purge clears the changed content if it is not yet sent, or was sent after the change. One that was sent before does
-- not. A waiting resend counts as sent while its first send may still be answered: then nothing more is sent.
local function mayJoin(purge, changedAt)
  local state = purge.state
  if not isTerminal(state) and #purge.batches >= MOST_BATCHES then return false end
  if (state == 'queued' or state == 'held') and not purge.lostLease then return true end
  if state == 'refused' or state == 'cancelled' or state == 'abandoned' then return false end
  return purge.sentAt >= changedAt
end

-- For each target (SHA-256 of its URL), in order: the purge that already serves it, or false.
local function findJoins(targets, changedAt)
  local keys, found, ids = {}, {}, {}
  for i, target in ipairs(targets) do keys[i] = family.target .. target end
  if #keys == 0 then return found end
  local pointers = call('MGET', unpack(keys))
  for _, id in ipairs(pointers) do
    if id then ids[#ids + 1] = id end
  end
  local purges = loadAll(ids)
  for i in ipairs(targets) do
    local purge = pointers[i] and purges[pointers[i]]
    found[i] = purge and mayJoin(purge, changedAt) and purge or false
  end
  return found
end
