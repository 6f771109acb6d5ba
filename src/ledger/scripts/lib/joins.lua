-- Which purge of the same target a new line may join (G6).
--
-- An open purge keeps a list of the batches that wait for it, since each may cancel its part; its record is read and
-- written whole at every step. So 500 batches share it at most, and the next one makes a purge of its own, for one
-- unit: what joins that often is a hook in a loop. One that has ended can be joined without end: nobody waits for it.
--@include buffer

local MOST_BATCHES = 500

-- Not yet sent, or sent after the content changed: it clears what is there now. One sent before never does. A resend
-- that waits counts as sent while its first send may still be answered: then nothing more leaves.
local function mayJoin(purge, changedAt)
  local state = purge.state
  if not isTerminal(state) and #purge.batches >= MOST_BATCHES then return false end
  if (state == 'queued' or state == 'held') and not purge.lostLease then return true end
  if state == 'refused' or state == 'cancelled' or state == 'abandoned' then return false end
  return purge.sentAt >= changedAt
end

-- For each target (SHA-256 of its URL), in order: the purge that serves it already, or false.
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
