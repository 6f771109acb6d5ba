-- A purge's record: its timeline, its alarm, and the one way from state to state.
--
-- Which queue a purge is in follows from its state, and for a queued one from its `sendAt`:
--   queued → send · sending, unknown → settle · pending, overdue → poll · held → held · terminal → none
--
--                    now < sendAt                        sendAt, or a request that joins it cannot wait
--   queued ──enqueue──► scheduled ──wakeScheduled, sendSooner──► send
--
-- `enqueue` sets its score there to `dueAt`. A lease raises the score and leaves the purge in its queue. Scheduled
-- purges may wait for weeks. In `send` they would wake its lane every 15 minutes. Outside it the lane rests, and WAKE
-- says when the first of them is due.
--@include buffer
--@exports note, movesOf, leave, isTooEarly, queueOf, enqueue, sendSooner, enqueueHeld, stopWaiting, countState
--@exports raiseAlarm, endAlarm, move

local LANE = { queued = 'send', sending = 'send', unknown = 'send', pending = 'poll', overdue = 'poll' }

local function counted(text, times)
  return times == 1 and text or text .. ' ' .. times .. ' times so far.'
end

-- Appends to the timeline. A repeated entry counts up and moves to the end. So no loop of joins, back-offs or late
-- answers pushes out what was sent, answered or charged. Two entries are the same if their text is the same, or their
-- kind where the text names what differs each time. No purge has 50 different entries; the bound is a precaution.
function note(purge, by, text, kind)
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

function movesOf(purge)
  unsaved[purge.id] = unsaved[purge.id] or { departures = {} }
  return unsaved[purge.id]
end

function leave(purge, queue)
  local moves = movesOf(purge)
  moves.departures[#moves.departures + 1], moves.place = queue, nil
end

function isTooEarly(purge) return purge.state == 'queued' and (purge.sendAt or 0) > now end

-- The queue in which an open purge belongs.
function queueOf(purge) return isTooEarly(purge) and SCHEDULED or QUEUE[purge.state] end

-- Takes effect when the purge is saved. Whatever makes a purge due, it is never due before its `sendAt`.
function enqueue(purge, dueAt)
  if purge.state == 'queued' then dueAt = math.max(dueAt, purge.sendAt or 0) end
  purge.nextCheckAt = dueAt
  if not isTooEarly(purge) then wake(LANE[purge.state]) end
  movesOf(purge).place = { queue = queueOf(purge), score = dueAt }
end

-- A request joins a purge that waits for others to share it, and wants it sent at `sendAt`. It is never sent later
-- than any of them wants; a scheduled purge is sent at its own time. Returns whether it may be sent now. Does not save.
function sendSooner(purge, sendAt)
  if purge.isScheduled or not purge.sendAt or purge.sendAt <= math.max(now, sendAt) then return false end
  purge.sendAt = sendAt
  if purge.state ~= 'queued' then return false end
  leave(purge, SCHEDULED)
  enqueue(purge, sendAt)
  return not isTooEarly(purge)
end

-- First in, first out: by creation, then by line. A held purge has no due time: it waits for budget. It wakes the lane:
-- one that rests because it was empty would notice a raised quota only after hours.
function enqueueHeld(purge)
  purge.nextCheckAt = nil
  wake('send')
  local score = string.format('%.3f', purge.createdAt + (purge.lines[1] or 0) / 1000)
  movesOf(purge).place = { queue = HELD, score = score }
end

-- The batch no longer waits for the purge. When the last purge leaves a batch, the batch's retention begins.
function stopWaiting(batchId, purgeId)
  if call('SREM', family.waiting .. batchId, purgeId) == 1
    and call('EXISTS', family.waiting .. batchId) == 0 then
    call('PEXPIRE', family.batch .. batchId, retentionMs)
  end
end

-- The newest purge of a target stays findable for a day after it completes: a caller that reports the same change
-- again joins it. A purge that failed serves nobody.
local function endPointer(purge)
  local key = family.target .. purge.target
  if call('GET', key) ~= purge.id then return end
  if purge.state == 'completed' then call('PEXPIRE', key, DAY) else call('DEL', key) end
end

function countState(state, difference)
  if not isTerminal(state) then moved[state] = (moved[state] or 0) + difference end
end

-- Makes this purge a reason for an alarm. The alarm ends with its last reason. A purge that changes state is no longer
-- a reason.
function raiseAlarm(purge, code)
  if purge.alarm then return end
  purge.alarm = code
  moved['alarm:' .. code] = (moved['alarm:' .. code] or 0) + 1
  call('HSETNX', ALARMS, code, cjson.encode({ since = now }))
end

function endAlarm(purge)
  if not purge.alarm then return end
  moved['alarm:' .. purge.alarm] = (moved['alarm:' .. purge.alarm] or 0) - 1
  purge.alarm = nil
end

-- Moves a purge along policy.transitions. Does not save. The caller must enqueue a purge that stays open.
function move(purge, state, by, text, kind)
  local allowed = false
  for _, to in ipairs(policy.transitions[purge.state]) do allowed = allowed or to == state end
  if not allowed then error('FORBIDDEN ' .. purge.state .. ' does not lead to ' .. state) end
  if QUEUE[purge.state] ~= QUEUE[state] then
    leave(purge, QUEUE[purge.state])
    if purge.state == 'queued' and purge.sendAt then leave(purge, SCHEDULED) end
  end
  endAlarm(purge)
  countState(purge.state, -1)
  countState(state, 1)
  purge.state = state
  note(purge, by, text, kind)
  if not isTerminal(state) then return end
  purge.endedAt, purge.nextCheckAt = now, nil
  purge.url, purge.maskedUrl = purge.maskedUrl or purge.url, nil
  if state ~= 'completed' then purge.edge = nil end
  for _, batch in ipairs(purge.batches) do stopWaiting(batch.id, purge.id) end
  endPointer(purge)
end
