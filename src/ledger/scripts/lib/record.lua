-- A purge's record: loading, saving, and the one way from state to state.
--
-- Which queue a purge is in follows from its state alone:
--   queued → send · sending, unknown → settle · pending, overdue → poll · held → held · terminal → none
-- `enqueue` scores it there by `dueAt`. Whoever leases it moves the score on, never the purge out.
--@include rests
--@include damage
--@include sound
--@include failure

local QUEUE = { queued = SEND, sending = SETTLE, unknown = SETTLE, pending = POLL, overdue = POLL, held = HELD }
local LANE = { queued = 'send', sending = 'send', unknown = 'send', pending = 'poll', overdue = 'poll' }
local function isTerminal(state) return QUEUE[state] == nil end

local function loadAll(ids)
  local keys, purges = {}, {}
  for i, id in ipairs(ids) do keys[i] = family.purge .. id end
  if #keys == 0 then return purges end
  for i, raw in ipairs(call('MGET', unpack(keys))) do
    if raw then purges[ids[i]] = decodePurge(raw) end
  end
  return purges
end

local function load(id) return loadAll({ id })[id] end

local function save(purge)
  written = true
  local key, json = family.purge .. purge.id, cjson.encode(purge)
  -- What ended in an alarm stays until an operator has closed it: its retention begins then.
  if isTerminal(purge.state) and not purge.alarm then
    call('SET', key, json, 'PX', retentionMs)
  else
    call('SET', key, json)
  end
  keepStep()
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

local function enqueue(purge, dueAt)
  purge.nextCheckAt = dueAt
  wake(LANE[purge.state])
  call('ZADD', QUEUE[purge.state], dueAt, purge.id)
end

-- First in, first out: by creation, then by line. Nothing is due: it waits for budget.
local function enqueueHeld(purge)
  purge.nextCheckAt = nil
  call('ZADD', HELD, string.format('%.3f', purge.createdAt + (purge.lines[1] or 0) / 1000), purge.id)
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
  if QUEUE[purge.state] ~= QUEUE[state] then call('ZREM', QUEUE[purge.state], purge.id) end
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

local function closeRecords()
  closeRests()
  for field, difference in pairs(moved) do
    local left = difference ~= 0 and call('HINCRBY', OPEN, field, difference)
    local code = left == 0 and string.match(field, '^alarm:(.*)$')
    if code then call('HDEL', ALARMS, code) end
  end
end
afterFailure[#afterFailure + 1] = closeRecords
