-- Compares the queues with the counts and the records, and puts open purges back into their queues.
--@include units

-- A sweep recounts at most this many open purges. If there are more, only `npm run repair` recounts them.
local MOST_RECOUNTED = 500

-- The keys that disagree with others: a queue lacks purges, a count lacks what a queue holds, or `reserved` differs
-- from the number of queued purges. Also returns how many purges the queues hold.
local function disagreements()
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
  local open = 0
  for _, queue in ipairs({ SEND, SETTLE, POLL, HELD }) do
    local held = callQueue('ZCARD', queue)
    open = open + held
    if held < expected[queue] then say(queue) elseif held > expected[queue] then say(OPEN) end
  end
  if not isShort[SEND] and not isShort[OPEN] and books.reserved ~= expected[SEND] then say(BUDGET) end
  if open > 0 and call('EXISTS', INDEX) == 0 then say(INDEX) end
  return short, open
end

-- Puts each of these open purges back into its queue, and back among those its batches wait for, if either was lost.
local function putBack(ids)
  local purges = loadAll(ids)
  for _, id in ipairs(ids) do
    local purge = purges[id]
    local queue = purge and QUEUE[purge.state]
    if queue and not callQueue('ZSCORE', queue, id) then
      nameDamage({ queue })
      if queue == HELD then enqueueHeld(purge) else enqueue(purge, purge.nextCheckAt or now) end
      keepPlace(purge)
      wake('send')
    end
    if queue then
      for _, batch in ipairs(purge.batches) do
        if call('SADD', family.waiting .. batch.id, id) == 1 then nameDamage({ family.waiting .. batch.id }) end
      end
      if call('EXISTS', family.batch .. purge.batchId) == 0 then nameDamage({ family.batch .. purge.batchId }) end
    end
  end
  return purges
end

-- Recounts the open purges from their records. An id without a record leaves its queue; a purge in a wrong queue moves
-- to its own.
local function recount()
  local counts, alarms = {}, {}
  for _, queue in ipairs({ SEND, SETTLE, POLL, HELD }) do
    local ids = callQueue('ZRANGE', queue, 0, -1)
    for from = 1, #ids, 1000 do
      local some = {}
      for i = from, math.min(from + 999, #ids) do some[#some + 1] = ids[i] end
      local purges = loadAll(some)
      for _, id in ipairs(some) do
        local purge = purges[id]
        if not purge then
          dropFromQueue(queue, id)
        elseif QUEUE[purge.state] ~= queue then
          call('ZREM', queue, id)
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
