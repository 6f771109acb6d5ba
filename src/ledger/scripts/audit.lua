-- Compares queues, counts and records, and mends what is certain: an open purge that is in no queue goes back into its
-- own. A sweep's audit looks at the newest records and at the next slice of the older ones. It never lowers
-- `reserved`, and recounts open purges only while no queue lacks any. A repair names every record, and recounts at the
-- end.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  ids? (purges that a repair names), finish? (the end of a repair: recount), with finish: spent (the units
--          that all records show as spent in the period in force), alarms (by code: how many ended purges cause it)
-- Replies  'checked', the units that the records of these ids show as spent in the period in force, by code how many of
--          the ended ones cause an alarm (JSON)
-- Again    finds nothing more to mend; a sweep's audit looks at the slice after that one
--@include queues
--@include run

local NEWEST, SLICE = 50, 50

-- The newest members of the index, and the next slice of the others. The slice begins behind the last id of the one
-- before it, or anew once that was the oldest. So every record has its turn, however often audits run and however many
-- purges are made meanwhile.
local function idsToCheck()
  local ids = call('ZREVRANGE', INDEX, 0, NEWEST - 1, 'WITHSCORES')
  local count = call('ZCARD', INDEX)
  if count > NEWEST then
    local last = call('HGET', LEDGER, 'auditedTo')
    local from = math.max(NEWEST, (last and call('ZREVRANK', INDEX, last) or 0) + 1)
    if from >= count then from = NEWEST end
    for _, value in ipairs(call('ZREVRANGE', INDEX, from, from + SLICE - 1, 'WITHSCORES')) do ids[#ids + 1] = value end
    call('HSET', LEDGER, 'auditedTo', ids[#ids - 1])
  end
  local members, createdAt = {}, {}
  for i = 1, #ids, 2 do
    members[#members + 1] = ids[i]
    createdAt[ids[i]] = tonumber(ids[i + 1])
  end
  return members, createdAt
end

local function endedAlarmsIn(purges)
  local counts = {}
  for _, code in ipairs(ENDED_ALARMS) do counts[code] = 0 end
  for _, purge in pairs(purges) do
    local count = isTerminal(purge.state) and counts[purge.alarm]
    if count then counts[purge.alarm] = count + 1 end
  end
  return counts
end

-- An older deployment's recount loses alarms whose purges have ended. There are at least as many as these records show.
local function restoreAlarms(purges)
  for code, count in pairs(endedAlarmsIn(purges)) do
    if count > 0 and count > tonumber(call('HGET', OPEN, 'alarm:' .. code) or 0) then
      call('HSET', OPEN, 'alarm:' .. code, count)
      call('HSETNX', ALARMS, code, cjson.encode({ since = now }))
    end
  end
end

local function sweepsAudit(scheduledAt)
  local ids, createdAt = idsToCheck()
  local purges = putBack(ids)
  for _, id in ipairs(ids) do
    -- Every record is kept for at least a day. One that is there is broken.
    if not purges[id] and (createdAt[id] > now - DAY or call('EXISTS', family.purge .. id) == 1) then
      nameDamage({ family.purge .. id })
      call('ZREM', INDEX, id)
    end
  end
  restoreAlarms(purges)
  local short, open = disagreements(scheduledAt)
  nameDamage(short)
  if #short > 0 then isScheduleChanged = true end
  local areQueuesShort = false
  local noQueue = { [OPEN] = true, [BUDGET] = true, [INDEX] = true, [WAKE] = true, [PROFILES] = true }
  for _, key in ipairs(short) do areQueuesShort = areQueuesShort or not noQueue[key] end
  if #short == 0 or areQueuesShort or open > MOST_RECOUNTED then return end
  books.reserved = math.max(books.reserved, recount().queued or 0)
end

local function spentIn(purges)
  local units = 0
  for _, purge in pairs(purges) do
    for _, unit in ipairs(purge.spentUnits or {}) do
      if unit.month == books.startsAt then units = units + 1 end
    end
  end
  return units
end

-- Adds purges that the index lacks.
local function index(purges)
  for id, purge in pairs(purges) do
    if call('ZADD', INDEX, 'NX', purge.createdAt, id) == 1 then nameDamage({ INDEX }) end
  end
end

return run(function()
  openBooks()
  local scheduledAt = wakeAllScheduled()
  local spent, alarms = 0, {}
  if input.ids then
    local purges = putBack(input.ids)
    index(purges)
    spent, alarms = spentIn(purges), endedAlarmsIn(purges)
  elseif input.finish then
    nameDamage((disagreements(scheduledAt)))
    isScheduleChanged = true
    books.reserved = recount(input.alarms).queued or 0
    -- Nothing is sent while the budget is in doubt. So the records show at most what the month cost.
    local missing = books.isInDoubt and input.spent - books.spent or 0
    if missing > 0 then spend(missing, books.startsAt, math.floor(now / DAY), SERVICE) end
  else
    sweepsAudit(scheduledAt)
  end
  closeAll()
  return { 'checked', tostring(spent), cjson.encode(alarms) }
end)
