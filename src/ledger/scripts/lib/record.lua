-- A purge's record: loading, saving, and the one way from state to state.
--
-- Which queue a purge is in follows from its state alone:
--   queued → send · sending, unknown → settle · pending, overdue → poll · held → held · terminal → none
-- `enqueue` scores it there by `dueAt`. Whoever leases it moves the score on, never the purge out.
--
-- Nothing is written before `closeRecords`: a purge that goes through several states in one script costs one write,
-- and a script that fails on its way has changed nothing. Whatever reads a queue before that goes through `callQueue`.
--@include rests

local QUEUE = { queued = SEND, sending = SETTLE, unknown = SETTLE, pending = POLL, overdue = POLL, held = HELD }
local LANE = { queued = 'send', sending = 'send', unknown = 'send', pending = 'poll', overdue = 'poll' }
local moved = {}

-- Records read in this run, and those to be written. `writes`: keys and values that are written along with them.
local loaded, changed, writes = {}, {}, {}
-- The JSON of each as it was read or written.
local texts = {}
-- Where purges go in this run (by id: queue and score), and the queues that they leave. `made`: they were in none.
local placed, departures, made = {}, {}, {}
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
    loaded[missing[i]], texts[missing[i]] = raw and cjson.decode(raw) or false, raw or nil
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

local function save(purge)
  loaded[purge.id], changed[purge.id] = purge, purge
end

-- A purge that this script makes.
local function saveNew(purge)
  made[purge.id] = true
  save(purge)
end

local function writeRecords()
  for id, purge in pairs(changed) do
    local key, json = family.purge .. id, cjson.encode(purge)
    texts[id] = json
    if isTerminal(purge.state) then
      call('SET', key, json, 'PX', retentionMs)
    else
      writes[#writes + 1] = key
      writes[#writes + 1] = json
    end
  end
  if #writes > 0 then call('MSET', unpack(writes)) end
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
  for queue, ids in pairs(gone) do call('ZREM', queue, unpack(ids)) end
  for queue, scores in pairs(due) do call('ZADD', queue, unpack(scores)) end
  if gone[HELD] or due[HELD] then storedHeld = nil end
  placed, departures, made = {}, {}, {}
end

-- A command on a queue as it is by now.
local function callQueue(...)
  writeQueues()
  return call(...)
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

-- The first entry stays, and the 49 newest.
local function note(purge, by, text)
  local timeline = purge.timeline
  if #timeline >= 50 then table.remove(timeline, 2) end
  timeline[#timeline + 1] = { at = now, state = purge.state, by = by, note = text }
  steps[#steps + 1] = { purgeId = purge.id, actor = purge.actor, state = purge.state, by = by, note = text }
end

local function enqueue(purge, dueAt)
  purge.nextCheckAt = dueAt
  wake(LANE[purge.state])
  placed[purge.id] = { queue = QUEUE[purge.state], score = dueAt }
end

-- First in, first out: by creation, then by line. Nothing is due: it waits for budget.
local function enqueueHeld(purge)
  purge.nextCheckAt = nil
  local score = string.format('%.3f', purge.createdAt + (purge.lines[1] or 0) / 1000)
  placed[purge.id] = { queue = HELD, score = score }
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
local function move(purge, state, by, text)
  local allowed = false
  for _, to in ipairs(policy.transitions[purge.state]) do allowed = allowed or to == state end
  if not allowed then error('FORBIDDEN ' .. purge.state .. ' does not lead to ' .. state) end
  if QUEUE[purge.state] ~= QUEUE[state] then
    departures[#departures + 1] = { queue = QUEUE[purge.state], id = purge.id }
    placed[purge.id] = nil
  end
  endAlarm(purge)
  countState(purge.state, -1)
  countState(state, 1)
  purge.state = state
  note(purge, by, text)
  if not isTerminal(state) then return end
  purge.endedAt, purge.nextCheckAt = now, nil
  purge.url, purge.maskedUrl = purge.maskedUrl or purge.url, nil
  for _, batch in ipairs(purge.batches) do stopWaiting(batch.id, purge.id) end
  endPointer(purge)
end

local function closeRecords()
  closeRests()
  writeQueues()
  writeRecords()
  for field, difference in pairs(moved) do
    local left = difference ~= 0 and call('HINCRBY', OPEN, field, difference)
    local code = left == 0 and string.match(field, '^alarm:(.*)$')
    if code then call('HDEL', ALARMS, code) end
  end
end
