-- The due purges of a queue, and those whose scheduled time has come.
--@include record
--@exports firstDue, dueAmong, firstScheduled, wakeScheduled, wakeAllScheduled

-- The due purges of a queue, at most limit, and when the next one is due. One read gives both.
function firstDue(queue, limit)
  local first, ids = callQueue('ZRANGE', queue, 0, limit, 'WITHSCORES'), {}
  for i = 1, #first, 2 do
    local dueAt = tonumber(first[i + 1])
    if dueAt > now or #ids == limit then return ids, dueAt end
    ids[#ids + 1] = first[i]
  end
  return ids, nil
end

-- Those of `ids` (absent: of all) that are due in a queue, at most limit, and when the next one is due.
function dueAmong(queue, limit, ids)
  if not ids then return firstDue(queue, limit) end
  local due, laterAt = {}, nil
  for i, score in ipairs(#ids > 0 and callQueue('ZMSCORE', queue, unpack(ids)) or {}) do
    local dueAt = score and tonumber(score)
    if dueAt and dueAt <= now and #due < limit then
      due[#due + 1] = ids[i]
    elseif dueAt then
      laterAt = math.min(laterAt or dueAt, dueAt)
    end
  end
  return due, laterAt
end

function firstScheduled() return (select(2, firstDue(SCHEDULED, 0))) end

-- Moves scheduled purges whose time has come into the send queue, at most 100 at a time. Returns when the next one is
-- due. A purge that is no longer queued was moved by an older deployment, which does not know this set.
function wakeScheduled()
  local ids, nextAt = firstDue(SCHEDULED, 100)
  local purges = loadAll(ids)
  for _, id in ipairs(ids) do
    local purge = purges[id]
    if not purge then
      dropFromQueue(SCHEDULED, id)
    elseif purge.state == 'queued' then
      leave(purge, SCHEDULED)
      enqueue(purge, purge.nextCheckAt)
      keepPlace(purge)
    else
      call('ZREM', SCHEDULED, id)
      isScheduleChanged = true
    end
  end
  return nextAt
end

-- Moves all of them, and returns when the first purge that is still ahead is due.
function wakeAllScheduled()
  local nextAt
  repeat nextAt = wakeScheduled() until not nextAt or nextAt > now
  if hasChanges(SCHEDULED) then writeQueues() end
  closeSchedule()
  return nextAt
end
