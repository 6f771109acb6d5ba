-- A purge's record: loading, saving, and the one way from state to state.
--
-- Which queue a purge is in follows from its state alone:
--   queued → send · sending, unknown → settle · pending, overdue → poll · held → held · terminal → none
-- `enqueue` scores it there by `dueAt`. Whoever leases it moves the score on, never the purge out.
--
-- Records and queues are written in `closeRecords`: a purge that goes through several states in one script costs one
-- write. Whatever reads a queue before that goes through `callQueue`.
--@include rests
--@include damage
--@include sound
--@include failure

local QUEUE = { queued = SEND, sending = SETTLE, unknown = SETTLE, pending = POLL, overdue = POLL, held = HELD }
local LANE = { queued = 'send', sending = 'send', unknown = 'send', pending = 'poll', overdue = 'poll' }

-- Records read in this run, and the JSON of each as it was read or saved.
local loaded, texts = {}, {}
-- Records to be written, and `writes`: keys and values that are written along with them.
local saved, writes = {}, {}
-- Where purges go in this run (by id: queue and score), and the queues that they leave. `made`: they were in none.
local placed, departures, made = {}, {}, {}
-- The same of purges that have moved since they were saved last.
local unsaved = {}
local storedHeld

local function isTerminal(state) return QUEUE[state] == nil end

local function loadAll(ids)
  local keys, missing, purges = {}, {}, {}
  for _, id in ipairs(ids) do
    if loaded[id] == nil then
      keys[#keys + 1] = family.purge .. id
      missing[#missing + 1] = id
    end
  end
  for i, raw in ipairs(#keys > 0 and call('MGET', unpack(keys)) or {}) do
    loaded[missing[i]], texts[missing[i]] = raw and decodePurge(raw) or false, raw or nil
  end
  for _, id in ipairs(ids) do purges[id] = loaded[id] or nil end
  return purges
end

local function load(id) return loadAll({ id })[id] end

-- The JSON of those that exist, in this order, as it is once this run's changes are written.
local function textsOf(ids)
  local keys, missing, found = {}, {}, {}
  for _, id in ipairs(ids) do
    if not texts[id] then
      keys[#keys + 1] = family.purge .. id
      missing[#missing + 1] = id
    end
  end
  for i, raw in ipairs(#keys > 0 and call('MGET', unpack(keys)) or {}) do texts[missing[i]] = raw or nil end
  for _, id in ipairs(ids) do found[#found + 1] = texts[id] end
  return found
end

-- Where a purge goes is decided.
local function keepPlace(purge)
  local moves = unsaved[purge.id]
  if not moves then return end
  for _, queue in ipairs(moves.departures) do
    departures[#departures + 1] = { queue = queue, id = purge.id }
    placed[purge.id] = nil
  end
  placed[purge.id] = moves.place or placed[purge.id]
  unsaved[purge.id] = nil
end

local function save(purge)
  written = true
  local json = cjson.encode(purge)
  -- What ended in an alarm stays until an operator has closed it: its retention begins then.
  saved[purge.id] = { json = json, expires = isTerminal(purge.state) and not purge.alarm }
  loaded[purge.id], texts[purge.id] = purge, json
  keepPlace(purge)
  keepStep()
end

-- A purge that this script makes.
local function saveNew(purge)
  made[purge.id] = true
  save(purge)
end

local function writeRecords()
  for id, record in pairs(saved) do
    local key = family.purge .. id
    if record.expires then
      call('SET', key, record.json, 'PX', retentionMs)
    else
      writes[#writes + 1] = key
      writes[#writes + 1] = record.json
    end
  end
  if #writes > 0 then call('MSET', unpack(writes)) end
  saved, writes = {}, {}
end

local function writeQueues()
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
  placed, departures, made = {}, {}, {}
  local failure
  -- One broken queue keeps no purge out of the others.
  local function change(command, queue, values)
    local isDone, reason = pcall(call, command, queue, unpack(values))
    if not isDone then failure = failure or reason end
  end
  for queue, ids in pairs(gone) do change('ZREM', queue, ids) end
  for queue, scores in pairs(due) do change('ZADD', queue, scores) end
  if failure then error(failure, 0) end
end

-- A command on a queue as it is by now.
local function callQueue(...)
  writeQueues()
  return call(...)
end

-- A queue holds an id that has no record: only a lost key does that.
local function dropFromQueue(queue, id)
  call('ZREM', queue, id)
  if queue == HELD then storedHeld = nil end
  nameDamage({ family.purge .. id })
end

local function countHeld()
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

local function counted(text, times)
  return times == 1 and text or text .. ' ' .. times .. ' times so far.'
end

-- Appends to the timeline. What repeats itself is one entry, which counts and moves to the end: so no loop of joins,
-- back-offs or late answers pushes out what was sent, answered or charged. Two entries are the same by their text, or
-- by their kind where the text names what differs each time. No life has 50 different ones; a bound all the same.
local function note(purge, by, text, kind)
  local timeline, times = purge.timeline, 1
  for i = 2, #timeline do
    local entry = timeline[i]
    local before = entry.times or 1
    if kind and entry.kind == kind or entry.note == counted(text, before) then
      times = before + 1
      table.remove(timeline, i)
      break
    end
  end
  if #timeline >= 50 then table.remove(timeline, 2) end
  timeline[#timeline + 1] = {
    at = now, state = purge.state, by = by, note = counted(text, times), kind = kind,
    times = times > 1 and times or nil,
  }
  steps[#steps + 1] = { purgeId = purge.id, actor = purge.actor, state = purge.state, by = by, note = text }
end

local function movesOf(purge)
  unsaved[purge.id] = unsaved[purge.id] or { departures = {} }
  return unsaved[purge.id]
end

-- Takes effect when the purge is saved.
local function enqueue(purge, dueAt)
  purge.nextCheckAt = dueAt
  wake(LANE[purge.state])
  movesOf(purge).place = { queue = QUEUE[purge.state], score = dueAt }
end

-- First in, first out: by creation, then by line. Nothing is due: it waits for budget. A lane that rested because it was
-- empty would notice a raised quota only after hours.
local function enqueueHeld(purge)
  purge.nextCheckAt = nil
  wake('send')
  local score = string.format('%.3f', purge.createdAt + (purge.lines[1] or 0) / 1000)
  movesOf(purge).place = { queue = HELD, score = score }
end

-- The batch no longer waits for the purge; after its last one its retention begins.
local function stopWaiting(batchId, purgeId)
  if call('SREM', family.waiting .. batchId, purgeId) == 1
    and call('EXISTS', family.waiting .. batchId) == 0 then
    call('PEXPIRE', family.batch .. batchId, retentionMs)
  end
end

-- The newest purge of a target stays findable for a day when it completed: who reports the same change of
-- content once more joins it. One that failed serves nobody.
local function endPointer(purge)
  local key = family.target .. purge.target
  if call('GET', key) ~= purge.id then return end
  if purge.state == 'completed' then call('PEXPIRE', key, DAY) else call('DEL', key) end
end

local function countState(state, difference)
  if not isTerminal(state) then moved[state] = (moved[state] or 0) + difference end
end

-- An alarm that this purge is a reason for. It is over when no purge is any more; moving on ends a purge's part.
local function raiseAlarm(purge, code)
  if purge.alarm then return end
  purge.alarm = code
  moved['alarm:' .. code] = (moved['alarm:' .. code] or 0) + 1
  call('HSETNX', ALARMS, code, cjson.encode({ since = now }))
end

local function endAlarm(purge)
  if not purge.alarm then return end
  moved['alarm:' .. purge.alarm] = (moved['alarm:' .. purge.alarm] or 0) - 1
  purge.alarm = nil
end

-- Only along policy.transitions. Does not save. A purge that stays open must be enqueued by the caller.
local function move(purge, state, by, text, kind)
  local allowed = false
  for _, to in ipairs(policy.transitions[purge.state]) do allowed = allowed or to == state end
  if not allowed then error('FORBIDDEN ' .. purge.state .. ' does not lead to ' .. state) end
  if QUEUE[purge.state] ~= QUEUE[state] then
    local moves = movesOf(purge)
    moves.departures[#moves.departures + 1], moves.place = QUEUE[purge.state], nil
  end
  endAlarm(purge)
  countState(purge.state, -1)
  countState(state, 1)
  purge.state = state
  note(purge, by, text, kind)
  if not isTerminal(state) then return end
  purge.endedAt, purge.nextCheckAt = now, nil
  purge.url, purge.maskedUrl = purge.maskedUrl or purge.url, nil
  for _, batch in ipairs(purge.batches) do stopWaiting(batch.id, purge.id) end
  endPointer(purge)
end

local function countMoves()
  for field, difference in pairs(moved) do
    local left = difference ~= 0 and call('HINCRBY', OPEN, field, difference)
    local code = left == 0 and string.match(field, '^alarm:(.*)$')
    if code then call('HDEL', ALARMS, code) end
  end
end

local function closeRecords()
  closeRests()
  writeRecords()
  -- The records say what became of their purges; a queue or a count that lags behind is found and mended (check.lua).
  local isCounted, reason = pcall(countMoves)
  writeQueues()
  if not isCounted then error(reason, 0) end
end

closing.records = closeRecords
