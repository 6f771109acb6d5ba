-- Records and queues as this run changes them: read once, changed in memory, written once by `closeRecords`. So a purge
-- that goes through several states in one script costs one write. Every read of a queue goes through `callQueue`, which
-- first writes the changes to that queue that are still in memory.
--@include rests
--@include damage
--@include sound
--@include failure
--@exports QUEUE, writes, departures, made, unsaved, isScheduleChanged, isTerminal, loadAll, load, textsOf
--@exports keepPlace, save, saveNew, writeQueues, hasChanges, callQueue, dropFromQueue, countHeld, closeSchedule

-- The queue of a purge in each open state. A queued purge whose time is still ahead is in SCHEDULED (lib/record.lua).
QUEUE = { queued = SEND, sending = SETTLE, unknown = SETTLE, pending = POLL, overdue = POLL, held = HELD }

-- The records that this run has read, and the JSON of each as it was read or saved.
local loaded, texts = {}, {}
-- The records to write, and `writes`: more keys and values for the same MSET.
local saved = {}
writes = {}
-- The queue and score that each purge gets (by id), and the queues that purges leave. `made`: purges that this script
-- creates, which no queue holds yet.
local placed = {}
departures, made = {}, {}
-- The same for purges that have moved since they were last saved.
unsaved = {}
local storedHeld
isScheduleChanged = false

function isTerminal(state) return QUEUE[state] == nil end

function loadAll(ids)
  local keys, missing, purges = {}, {}, {}
  for _, id in ipairs(ids) do
    if loaded[id] == nil then
      keys[#keys + 1] = family.purge .. id
      missing[#missing + 1] = id
    end
  end
  for i, raw in ipairs(readKeys(keys)) do
    loaded[missing[i]], texts[missing[i]] = raw and decodePurge(raw) or false, raw or nil
  end
  for _, id in ipairs(ids) do purges[id] = loaded[id] or nil end
  return purges
end

function load(id) return loadAll({ id })[id] end

-- The JSON of each purge that exists, in the order of the ids, with this run's changes.
function textsOf(ids)
  local keys, missing, found = {}, {}, {}
  for _, id in ipairs(ids) do
    if not texts[id] then
      keys[#keys + 1] = family.purge .. id
      missing[#missing + 1] = id
    end
  end
  for i, raw in ipairs(readKeys(keys)) do texts[missing[i]] = raw or nil end
  for _, id in ipairs(ids) do found[#found + 1] = texts[id] end
  return found
end

-- Accepts the moves of a purge since it was last saved.
function keepPlace(purge)
  local moves = unsaved[purge.id]
  if not moves then return end
  for _, queue in ipairs(moves.departures) do
    departures[#departures + 1] = { queue = queue, id = purge.id }
    placed[purge.id] = nil
  end
  placed[purge.id] = moves.place or placed[purge.id]
  unsaved[purge.id] = nil
end

function save(purge)
  written = true
  local endedAlarmOf = isTerminal(purge.state) and purge.endedAlarmOf
  if endedAlarmOf then purge.endedAlarmOf = nil end
  local json = cjson.encode(purge)
  -- A purge that raises an alarm stays until an operator closes it. Its retention begins then.
  local expires = isTerminal(purge.state) and not purge.alarm
  saved[purge.id] = { json = json, expires = expires, dropInId = purge.dropInId }
  loaded[purge.id], texts[purge.id] = purge, json
  keepPlace(purge)
  keepStep()
  if endedAlarmOf and purge.state ~= 'completed' then edgeCheck.raiseStaleAgain(endedAlarmOf) end
end

-- Saves a purge that this script creates.
function saveNew(purge)
  made[purge.id] = true
  save(purge)
end

local function writeRecords()
  for id, record in pairs(saved) do
    local values = { [family.purge .. id] = record.json }
    if record.dropInId then values[family.dropIn .. record.dropInId] = id end
    for key, value in pairs(values) do
      if record.expires then
        call('SET', key, value, 'PX', retentionMs)
      else
        writes[#writes + 1] = key
        writes[#writes + 1] = value
      end
    end
  end
  if #writes > 0 then call('MSET', unpack(writes)) end
  saved, writes = {}, {}
end

function writeQueues()
  local gone, due = {}, {}
  for _, departure in ipairs(departures) do
    local place = placed[departure.id]
    if not made[departure.id] and not (place and place.queue == departure.queue) then
      gone[departure.queue] = gone[departure.queue] or {}
      table.insert(gone[departure.queue], departure.id)
    end
  end
  for id, place in pairs(placed) do
    local list = due[place.queue] or {}
    due[place.queue], list[#list + 1], list[#list + 2] = list, place.score, id
  end
  if gone[HELD] or due[HELD] then storedHeld = nil end
  if gone[SCHEDULED] or due[SCHEDULED] then isScheduleChanged = true end
  placed, departures, made = {}, {}, {}
  local failure
  -- One broken queue does not keep purges out of the others. A broken queue of edge checks fails no purge.
  local function change(command, queue, values)
    local isDone, reason = pcall(call, command, queue, unpack(values))
    if not isDone and queue ~= CHECKS then failure = failure or reason end
  end
  for queue, ids in pairs(gone) do change('ZREM', queue, ids) end
  for queue, scores in pairs(due) do change('ZADD', queue, scores) end
  if failure then error(failure, 0) end
end

function hasChanges(queue)
  for _, place in pairs(placed) do
    if place.queue == queue then return true end
  end
  for _, departure in ipairs(departures) do
    if departure.queue == queue then return true end
  end
  return false
end

-- Runs a command on a queue that has all changes made so far. Changes to other queues wait: a purge that is queued and
-- leased in one script then never enters the send queue.
function callQueue(command, queue, ...)
  if hasChanges(queue) then writeQueues() end
  return call(command, queue, ...)
end

-- Removes an id without a record from its queue. Only a lost key leaves such an id.
function dropFromQueue(queue, id)
  call('ZREM', queue, id)
  if queue == HELD then storedHeld = nil end
  if queue == SCHEDULED then isScheduleChanged = true end
  nameDamage({ family.purge .. id })
end

function countHeld()
  storedHeld = storedHeld or call('ZCARD', HELD)
  local count = storedHeld
  for _, departure in ipairs(departures) do
    if departure.queue == HELD and not made[departure.id] then count = count - 1 end
  end
  for _, place in pairs(placed) do
    if place.queue == HELD then count = count + 1 end
  end
  return count
end

local function countMoves()
  for field, difference in pairs(moved) do
    local left = difference ~= 0 and call('HINCRBY', OPEN, field, difference) or 1
    local code = left <= 0 and string.match(field, '^alarm:(.*)$')
    if code then call('HDEL', ALARMS, code) end
    -- A count of alarms that was lost has restarted at 0.
    if code and left < 0 then call('HDEL', OPEN, field) end
  end
end

-- Says when sweeps must wake for the first of the scheduled purges.
function closeSchedule()
  if not isScheduleChanged then return end
  local first = call('ZRANGE', SCHEDULED, 0, 0, 'WITHSCORES')
  if first[2] then call('SET', WAKE, first[2]) else call('DEL', WAKE) end
  isScheduleChanged = false
end

local function closeRecords()
  closeRests()
  writeRecords()
  -- The records are what counts: audit.lua finds and mends a queue or a count that lags behind them.
  local isCounted, reason = pcall(countMoves)
  writeQueues()
  closeSchedule()
  if not isCounted then error(reason, 0) end
end

closing.records = closeRecords
