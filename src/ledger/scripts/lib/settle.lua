-- What a lease led to, written into the record. A settlement that arrives twice changes nothing the second time:
-- `settled` remembers the tokens of the last few.
--@include lease

local OVERDUE_AFTER, ABANDON_AFTER = policy.timings.overdueAfterMs, policy.timings.abandonAfterMs

local function describe(result)
  return result.status and (result.status .. ': ' .. result.message) or result.message
end

-- Whether this settlement is new; from now on it is not.
local function settleOnce(purge, token)
  local settled = purge.settled or {}
  for _, known in ipairs(settled) do
    if known == token then return false end
  end
  settled[#settled + 1] = token
  if #settled > 4 then table.remove(settled, 1) end
  purge.settled = settled
  return true
end

-- 5, 10, 20, 40, 60 s after acceptance, then each minute; after 15 minutes every 5 minutes.
local function nextPollAt(purge)
  local age = now - purge.acceptedAt
  for _, offset in ipairs({ 5, 10, 20, 40, 60 }) do
    if age < offset * SECOND then return purge.acceptedAt + offset * SECOND end
  end
  local step = age < OVERDUE_AFTER and MINUTE or 5 * MINUTE
  return purge.acceptedAt + (math.floor(age / step) + 1) * step
end

local function becomePending(purge, result, text)
  purge.imagekitRequestId, purge.acceptedAt, purge.error, purge.failures = result.imagekitRequestId, now, nil, nil
  move(purge, 'pending', SERVICE, text)
  enqueue(purge, nextPollAt(purge))
end

-- It certainly did not arrive: back to the queue, its unit set aside again.
local function backToQueue(purge, dueAt, code, text)
  takeBack(purge)
  purge.error = { code = code, message = text }
  move(purge, 'queued', SERVICE, text)
  enqueue(purge, dueAt)
end

-- Each failure in a row doubles the pause.
local function backOff(purge, firstMs, longestMs)
  local before = purge.failures or 0
  purge.failures = before + 1
  return now + math.min(longestMs, firstMs * 2 ^ math.min(before, 20))
end

-- What each outcome of a POST means for the purge that was sent.
local sent = {}

function sent.accepted(purge, result)
  paceWell('send')
  becomePending(purge, result, 'ImageKit accepted it.')
end

function sent.refused(purge, result)
  paceWell('send')
  if policy.refusedCosts == 'nothing' then releaseSpent(purge) end
  purge.error = { code = 'refused', message = 'ImageKit refused it: ' .. describe(result) }
  move(purge, 'refused', 'imagekit', purge.error.message)
end

function sent.throttled(purge, result)
  paceThrottled('send', result.resetMs)
  backToQueue(purge, openPace('send').notBefore, 'throttled', 'ImageKit asked to slow down (429); it is sent again.')
end

function sent.unauthorized(purge, result)
  paceBlocked('send', result.status)
  backToQueue(purge, now, 'credentials', 'ImageKit did not accept the private key (' .. describe(result)
    .. '). Nothing is sent until it does; nothing is lost. Check IMAGEKIT_PRIVATE_KEY and what it may do.')
end

function sent.unexpected(purge, result)
  local text = 'ImageKit answered what it does not document (' .. describe(result) .. '); it is tried again. '
    .. 'If the quota is used up, enter a correction.'
  paceTroubled('send', 'unexpected', describe(result))
  backToQueue(purge, backOff(purge, MINUTE, HOUR), 'unexpected-answer', text)
end

function sent.unreachable(purge, result)
  paceTroubled('send', 'unreachable', result.message)
  backToQueue(purge, backOff(purge, 5 * SECOND, 15 * MINUTE), 'unreachable',
    'ImageKit could not be reached (' .. result.message .. '); it is tried again.')
end

function sent.unknown(purge, result)
  paceDoubtful('send')
  purge.resendable = true
  purge.error = { code = 'answer-lost', message = result.message }
  becomeUnknown(purge, 'No usable answer came (' .. result.message .. '): ImageKit may have it or not.')
end

-- ImageKit has it, and nobody can ask about it. Gives what to say of it.
local function markUntraceable(purge, result)
  purge.resendable = false
  purge.error = { code = 'no-request-id', message = describe(result) }
  return 'ImageKit took it but gave no request id (' .. describe(result)
    .. '), so it cannot be followed. It is not resent by itself.'
end

function sent.untraceable(purge, result)
  becomeUnknown(purge, markUntraceable(purge, result))
end

function sent.unsent(purge)
  takeBack(purge)
  purge.attempts = purge.attempts - 1
  move(purge, 'queued', SERVICE, 'Not sent yet: no time was left, or ImageKit wants a pause. It goes next.')
  enqueue(purge, now)
end

-- An answer after its lease ran out is believed, as long as no resend has left.
local function settleLate(purge, result)
  purge.lostLease = nil
  local waiting = purge.state == 'queued'
  if result.outcome == 'accepted' then
    if waiting then releaseReserved(purge) end
    becomePending(purge, result, 'The answer came late: ImageKit had accepted it.')
  elseif result.outcome == 'refused' then
    if waiting then releaseReserved(purge) end
    sent.refused(purge, result)
  elseif result.outcome == 'untraceable' then
    local text = 'The answer came late: ' .. markUntraceable(purge, result)
    if waiting then
      releaseReserved(purge)
      purge.resent = nil
      move(purge, 'unknown', SERVICE, text)
    else
      note(purge, SERVICE, text)
      endAlarm(purge)
    end
    enqueue(purge, unknownDueAt(purge))
    raiseAlarm(purge, 'unknown-not-resent')
  elseif result.outcome ~= 'unknown' then
    if result.outcome == 'unsent' then purge.attempts = purge.attempts - 1 end
    -- It never arrived. The unit set aside for the resend pays for the send to come.
    if waiting then
      releaseSpent(purge)
      note(purge, SERVICE, 'The answer came late: the first send had not arrived, so its unit is free again.')
    else
      takeBack(purge)
      move(purge, 'queued', SERVICE, 'The answer came late: the send had not arrived. It is sent again.')
      enqueue(purge, now)
    end
    purge.resent = nil
  end
end

local function settleSend(purge, settlement)
  local token, result = settlement.token, settlement.result
  if not settleOnce(purge, token) then return end
  if purge.state == 'sending' and purge.lease == token then
    purge.lease = nil
    sent[result.outcome](purge, result)
  elseif purge.lostLease == token and (purge.state == 'unknown' or purge.state == 'queued') then
    settleLate(purge, result)
  else
    note(purge, 'imagekit', 'An answer to an earlier send came too late to change anything: ' .. result.outcome
      .. (result.imagekitRequestId and ' (ImageKit request ' .. result.imagekitRequestId .. ').' or '.'))
  end
  save(purge)
end

-- What each outcome of a status poll says about the endpoint; what it says about the purge follows below.
local polled = {
  completed = function() paceWell('poll') end,
  pending = function() paceWell('poll') end,
  ['unknown-id'] = function() paceWell('poll') end,
  throttled = function(result) paceThrottled('poll', result.resetMs) end,
  unauthorized = function(result) paceBlocked('poll', result.status) end,
  unexpected = function(result) paceTroubled('poll', 'unexpected', describe(result)) end,
  unreachable = function(result) paceTroubled('poll', 'unreachable', result.message) end,
  failed = function() end,
  unsent = function() end,
}

-- What these settlements say must be known before the first of them is written: a script does not roll back.
local function checkSettlements(settlements)
  for _, settlement in ipairs(settlements) do
    local result = settlement.result
    local outcomes = settlement.endpoint == 'send' and sent or polled
    if not outcomes[result.outcome] then error('BADINPUT no such outcome: ' .. tostring(result.outcome)) end
    if type(result.message) ~= 'string' then result.message = '' end
    if type(result.resetMs) ~= 'number' then result.resetMs = nil end
  end
end

local function settlePoll(purge, settlement)
  local result, token = settlement.result, settlement.token
  if purge.imagekitRequestId ~= settlement.imagekitRequestId then return end
  if purge.state ~= 'pending' and purge.state ~= 'overdue' then return end
  if not settleOnce(purge, token) then return end
  if result.outcome == 'unsent' then
    enqueue(purge, now)
    return save(purge)
  end
  polled[result.outcome](result)
  local outcome = result.outcome
  local answered = outcome == 'completed' or outcome == 'pending' or outcome == 'unknown-id'
  if answered then purge.checks = purge.checks + 1 end
  local age = now - purge.acceptedAt
  if result.outcome == 'completed' then
    purge.completedAt, purge.error = now, nil
    move(purge, 'completed', 'imagekit', 'ImageKit says Completed.')
  elseif (answered or outcome == 'failed') and age >= ABANDON_AFTER then
    move(purge, 'abandoned', SERVICE, 'ImageKit did not say Completed within 24 hours; it is no longer asked.')
  else
    if age >= OVERDUE_AFTER and purge.state == 'pending' then
      purge.error = { code = 'overdue', message = 'ImageKit did not say Completed within 15 minutes.' }
      move(purge, 'overdue', SERVICE, 'Not Completed after 15 minutes: time to ask ImageKit\'s support.')
    end
    enqueue(purge, nextPollAt(purge))
  end
  save(purge)
end
