-- Compares the queues with the counts and the records, and puts open purges and edge checks back into their queues.
--@include units
--@include edge
--@include schedule
--@exports MOST_RECOUNTED, disagreements, putBack, ENDED_ALARMS, recount

-- A sweep recounts at most this many open purges. If there are more, only `npm run repair` recounts them.
MOST_RECOUNTED = 500

-- The keys that disagree with others: a queue lacks purges, a count lacks what a queue holds, or `reserved` differs
-- from the number of queued purges, or nothing wakes the sweep for the first scheduled purge (scheduledAt: when it
-- comes, as last read), or profiles have a history only. Also returns how many purges the queues hold.
function disagreements(scheduledAt)
  local counts, short, isShort = {}, {}, {}
  local flat = call('HGETALL', OPEN)
  for i = 1, #flat, 2 do counts[flat[i]] = tonumber(flat[i + 1]) end
  local function say(key)
    if not isShort[key] then short[#short + 1] = key end
    isShort[key] = true
  end
  local expected = { [SEND] = 0, [SETTLE] = 0, [POLL] = 0, [HELD] = 0 }
  for state, queue in pairs(QUEUE) do
    local count = counts[state] or 0
    if count < 0 then say(OPEN) end
    expected[queue] = expected[queue] + count
  end
  if hasChanges(SCHEDULED) then
    scheduledAt = firstScheduled()
    closeSchedule()
  end
  local scheduled, wakeAt = scheduledAt and call('ZCARD', SCHEDULED) or 0, tonumber(readText(WAKE) or nil)
  if wakeAt and not scheduledAt then
    say(SCHEDULED)
  elseif wakeAt ~= scheduledAt then
    say(WAKE)
  end
  -- All profiles can be deleted, but not their version.
  if call('EXISTS', PROFILES, PROFILE_CHANGES) == 1 and call('EXISTS', PROFILES) == 0 then say(PROFILES) end
  local open = scheduled
  for _, queue in ipairs({ SEND, SETTLE, POLL, HELD }) do
    local held = callQueue('ZCARD', queue)
    open = open + held
    -- The count of queued purges has the scheduled ones too.
    if queue == SEND then held = held + scheduled end
    local isLost = held < expected[queue] and not (queue == SEND and isShort[SCHEDULED])
    if isLost then say(queue) elseif held > expected[queue] then say(OPEN) end
  end
  local isCertain = not isShort[SEND] and not isShort[SCHEDULED] and not isShort[OPEN]
  if isCertain and books.reserved ~= expected[SEND] then say(BUDGET) end
  if open > 0 and call('EXISTS', INDEX) == 0 then say(INDEX) end
  return short, open
end

local function append(lists, key, value)
  lists[key] = lists[key] or {}
  table.insert(lists[key], value)
end

-- Puts each of these purges back into its queue, and the open ones back among those their batches wait for, if either
-- was lost. An edge check that is in no queue is no damage: an older deployment may have completed its purge.
-- Asks once for each queue and each batch: one by one, a hundred open purges would cost 400 commands a check.
function putBack(ids)
  local purges, inQueue, inBatch, batches = loadAll(ids), {}, {}, {}
  for _, id in ipairs(ids) do
    local purge = purges[id]
    if purge and QUEUE[purge.state] then
      append(inQueue, queueOf(purge), id)
      for _, batch in ipairs(purge.batches) do append(inBatch, batch.id, id) end
      batches[purge.batchId] = true
    elseif purge and edgeCheck.isQueued(purge) then
      append(inQueue, CHECKS, id)
    end
  end
  for queue, members in pairs(inQueue) do
    if queue == CHECKS then edgeCheck.mendQueue() end
    for i, score in ipairs(callQueue('ZMSCORE', queue, unpack(members))) do
      local purge = purges[members[i]]
      if not score and queue == CHECKS then
        edgeCheck.putBack(purge)
      elseif not score then
        nameDamage({ queue })
        if queue == HELD then enqueueHeld(purge) else enqueue(purge, purge.nextCheckAt or now) end
        keepPlace(purge)
        wake('send')
      end
    end
  end
  for batchId, members in pairs(inBatch) do
    if call('SADD', family.waiting .. batchId, unpack(members)) > 0 then nameDamage({ family.waiting .. batchId }) end
  end
  for batchId in pairs(batches) do
    if call('EXISTS', family.batch .. batchId) == 0 then nameDamage({ family.batch .. batchId }) end
  end
  return purges
end

-- The alarms that purges cause which have ended: an operator closes these.
ENDED_ALARMS = { 'abandoned', 'stale' }

-- Recounts the open purges from their records. An id without a record leaves its queue; a purge in a wrong queue moves
-- to its own. Purges that ended with an alarm are in no queue that is recounted. `ended` says how many records show
-- each of these alarms, in case their count is lost.
function recount(ended)
  local counts, alarms = {}, {}
  for _, code in ipairs(ENDED_ALARMS) do
    local count = tonumber(call('HGET', OPEN, 'alarm:' .. code) or ended and ended[code] or 0)
    if count > 0 then alarms[code] = count end
  end
  for _, queue in ipairs({ SCHEDULED, SEND, SETTLE, POLL, HELD }) do
    local ids = callQueue('ZRANGE', queue, 0, -1)
    for from = 1, #ids, 1000 do
      local some = {}
      for i = from, math.min(from + 999, #ids) do some[#some + 1] = ids[i] end
      local purges = loadAll(some)
      for _, id in ipairs(some) do
        local purge = purges[id]
        if not purge then
          dropFromQueue(queue, id)
        elseif queueOf(purge) ~= queue then
          call('ZREM', queue, id)
          if queue == SCHEDULED then isScheduleChanged = true end
          putBack({ id })
        else
          counts[purge.state] = (counts[purge.state] or 0) + 1
          if purge.alarm then alarms[purge.alarm] = (alarms[purge.alarm] or 0) + 1 end
        end
      end
    end
  end
  call('DEL', OPEN)
  for state, count in pairs(counts) do call('HSET', OPEN, state, count) end
  for code, count in pairs(alarms) do
    call('HSET', OPEN, 'alarm:' .. code, count)
    call('HSETNX', ALARMS, code, cjson.encode({ since = now }))
  end
  return counts
end
