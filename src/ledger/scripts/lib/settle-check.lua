-- Settles readings of the edge that were made after Completed. Other code decides what they show (edge/); here it is
-- kept, or the next reading is planned.
--@include edge
--@include settle-once
--@exports checkReadings, closeUnchanged, settleCheck

local DECIDED = {
  fresh = 'Edge check: the CDN serves a new image.',
  unchanged = 'Edge check: the CDN has a new copy, but of the same image as before.',
  renewed = 'Edge check: the CDN serves a copy made after the purge.',
  stale = 'Edge check: the CDN still serves the old copy.',
  gone = 'Edge check: the image no longer exists.',
  unreadable = 'Edge check: what the CDN serves could not be checked.',
}

-- What else a settlement may say. `before`: what the edge served beside the send of its token, settled before.
local OTHER = { undecided = true, unsent = true, before = true }

-- Refuses unknown outcomes before the first settlement is written, because Redis does not roll a script back.
function checkReadings(settlements)
  for _, settlement in ipairs(settlements) do
    local result = settlement.result
    local outcome = result.outcome
    if settlement.lane ~= 'check' or not (DECIDED[outcome] or OTHER[outcome]) then
      error('BADINPUT no such outcome of a check: ' .. tostring(outcome))
    end
    if not edgeCheck.isReading(result.after) then result.after = nil end
    if type(result.cause) ~= 'string' then result.cause = nil end
  end
end

-- The checks in a row that ended `unchanged`, in this run, and whether one before them ended `fresh`.
local unchanged, wasFresh = 0, false

local function countOutcome(outcome)
  if outcome == 'unchanged' then unchanged = unchanged + 1 end
  if outcome == 'fresh' then unchanged, wasFresh = 0, true end
end

function closeUnchanged()
  if unchanged == 0 then
    if wasFresh then call('DEL', UNCHANGED) end
    return
  end
  local before = not wasFresh and readText(UNCHANGED)
  local row = before and cjson.decode(before) or { inARow = 0, since = now }
  row.inARow = row.inARow + unchanged
  call('SET', UNCHANGED, cjson.encode(row), 'PX', 7 * DAY)
end

local function endCheck(purge, outcome, cause)
  purge.edge.outcome, purge.edge.cause, purge.edge.nextAt = outcome, cause, nil
  leave(purge, CHECKS)
  note(purge, SERVICE, DECIDED[outcome])
  countOutcome(outcome)
  if outcome == 'stale' then edgeCheck.raiseStale(purge) end
end

function settleCheck(purge, settlement)
  local edge, result = purge.edge, settlement.result
  if result.outcome == 'before' then
    if edgeCheck.keepBefore(purge, settlement.token, result.before) then save(purge) end
    return
  end
  if not edgeCheck.isDue(purge) then return end
  if result.outcome ~= 'unsent' and settlement.try ~= edge.tries + 1 then return end
  if not settleOnce(purge, settlement.token) then return end
  if result.outcome == 'unsent' then
    edgeCheck.enqueue(purge, now)
    return save(purge)
  end
  edge.tries, edge.checkedAt, edge.after = edge.tries + 1, now, result.after
  local nextAfter = timings.checkAfterMs[edge.tries + 1]
  if result.outcome ~= 'undecided' then
    endCheck(purge, result.outcome, result.cause)
  elseif nextAfter then
    edgeCheck.enqueue(purge, math.max(purge.completedAt + nextAfter, now + timings.checkPauseMs))
  else
    endCheck(purge, 'unreadable', 'undecided')
  end
  save(purge)
end
