-- Writes the outcome of a send into the record.
--@include lease
--@include settle-once
--@exports describe, nextPollAt, sent, settleWithoutRecord, settleSend


function describe(result)
  return result.status and (result.status .. ': ' .. result.message) or result.message
end

-- 5, 10, 20, 40 and 60 s after acceptance, then every minute; after 15 minutes every 5 minutes.
function nextPollAt(purge)
  local age = now - purge.acceptedAt
  for _, offset in ipairs({ 5, 10, 20, 40, 60 }) do
    if age < offset * SECOND then return purge.acceptedAt + offset * SECOND end
  end
  local step = age < timings.overdueAfterMs and MINUTE or 5 * MINUTE
  return purge.acceptedAt + (math.floor(age / step) + 1) * step
end

local function becomePending(purge, result, text)
  purge.imagekitRequestId, purge.acceptedAt, purge.error, purge.failures = result.imagekitRequestId, now, nil, nil
  move(purge, 'pending', SERVICE, text)
  enqueue(purge, nextPollAt(purge))
end

-- The send certainly did not arrive. The purge goes back to the queue, and its unit is reserved again.
local function backToQueue(purge, dueAt, code, text)
  takeBack(purge)
  edgeCheck.forgetBefore(purge)
  purge.error = { code = code, message = text }
  move(purge, 'queued', SERVICE, text, code)
  enqueue(purge, dueAt)
end

-- Each consecutive failure doubles the pause.
local function backOff(purge, firstMs, longestMs)
  local before = purge.failures or 0
  purge.failures = before + 1
  return now + math.min(longestMs, firstMs * 2 ^ math.min(before, 20))
end

-- What each outcome of a POST means for the purge that was sent.
sent = {}

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
    .. '). Nothing is sent until it does; nothing is lost. An admin finds under Health what to check.')
end

function sent.unexpected(purge, result)
  local text = 'ImageKit gave an undocumented answer (' .. describe(result) .. '); it is tried again. '
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
  becomeUnknown(purge, 'No usable answer came (' .. result.message .. '): ImageKit may or may not have it.')
end

-- ImageKit has the purge, but its status cannot be checked. Returns the timeline's text.
local function markUntraceable(purge, result)
  purge.resendable = false
  purge.error = { code = 'no-request-id', message = describe(result) }
  return 'ImageKit took it but gave no request id (' .. describe(result)
    .. '), so its status cannot be checked. It is not resent automatically.'
end

function sent.untraceable(purge, result)
  becomeUnknown(purge, markUntraceable(purge, result))
end

function sent.unsent(purge)
  takeBack(purge)
  edgeCheck.forgetBefore(purge)
  purge.attempts = purge.attempts - 1
  move(purge, 'queued', SERVICE, 'Not sent yet: no time was left, or ImageKit asked for a pause. It is sent next.')
  enqueue(purge, now)
end

-- An answer after its lease ran out counts, as long as no resend has been sent.
local function settleLate(purge, result)
  purge.lostLease = nil
  local waiting = purge.state == 'queued'
  if result.outcome == 'accepted' then
    if waiting then releaseReserved(purge) end
    paceWell('send')
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
    -- It never arrived. The unit reserved for the resend pays for the next send.
    if waiting then
      releaseSpent(purge)
      note(purge, SERVICE, 'The answer came late: the first send had not arrived, so its unit is free again.')
    else
      takeBack(purge)
      move(purge, 'queued', SERVICE, 'The answer came late: the send had not arrived. It is sent again.')
      enqueue(purge, now)
    end
    purge.resent = nil
    edgeCheck.forgetBefore(purge)
  end
end

-- An answer to a send that the record does not show: the ledger went back to a state before the lease. What ImageKit
-- has or may have is charged and not sent again.
local function settleForgotten(purge, result)
  local outcome = result.outcome
  local mayHave = outcome == 'accepted' or outcome == 'untraceable' or outcome == 'unknown'
  if purge.state == 'held' and (mayHave or outcome == 'refused') then unhold(purge) end
  if mayHave then
    spendUnrecorded(purge)
    purge.sentAt, purge.attempts = purge.sentAt or now, purge.attempts + 1
  end
  if outcome == 'accepted' then
    becomePending(purge, result, 'ImageKit had accepted it; the ledger had lost that.')
  elseif outcome == 'refused' then
    spendUnrecorded(purge)
    sent.refused(purge, result)
  elseif outcome == 'untraceable' or outcome == 'unknown' then
    if outcome == 'untraceable' then markUntraceable(purge, result) else purge.resendable = true end
    purge.error = purge.error or { code = 'answer-lost', message = result.message }
    becomeUnknown(purge, 'It had been sent; the ledger had lost that (' .. describe(result) .. ').')
  else
    note(purge, SERVICE, 'It had not arrived at an earlier send, which the ledger does not know: ' .. outcome .. '.')
    -- A witness may have charged it: then it is refunded.
    if books.unrecorded == 0 then return end
    books.unrecorded = books.unrecorded - 1
    spend(-1, books.startsAt, math.floor(now / DAY), SERVICE)
  end
end

-- Whether the ledger has forgotten this send. A held or queued purge has no open send, unless it waits for its resend.
local function isForgotten(purge)
  return purge.state == 'held' or purge.state == 'queued' and not (purge.resent and purge.attempts > 1)
end

-- Whether ImageKit accepted it under another id than the record's, through a send that the ledger has forgotten. The
-- purge has been sent again or cancelled since.
local function isSecondSend(purge, settlement)
  local result = settlement.result
  return result.outcome == 'accepted' and result.imagekitRequestId ~= purge.imagekitRequestId
    and not purge.resent and purge.lostLease ~= settlement.token
end

-- An answer to a send of a purge without a record: the alarm names the purge, and after a rollback its unit is charged,
-- once.
function settleWithoutRecord(settlement)
  if settlement.lane ~= 'send' or books.lost then return end
  local isRolledBack = books.wentBack or call('HEXISTS', ALARMS, 'ledger-rolled-back') == 1
  if isRolledBack then
    nameInAlarm('ledger-rolled-back', 'purges', { settlement.purgeId })
  else
    nameDamage({ family.purge .. settlement.purgeId })
  end
  local outcome = settlement.result.outcome
  local mayHave = outcome == 'accepted' or outcome == 'untraceable' or outcome == 'unknown'
  if not isRolledBack or not mayHave then return end
  local told = family.lease .. settlement.token .. ':' .. settlement.purgeId
  if not call('SET', told, '1', 'NX', 'PX', DAY) then return end
  if books.unrecorded > 0 then
    books.unrecorded = books.unrecorded - 1
  else
    spend(1, books.startsAt, math.floor(now / DAY), SERVICE)
  end
end

function settleSend(purge, settlement)
  local token, result = settlement.token, settlement.result
  if not settleOnce(purge, token) then return end
  edgeCheck.keepBefore(purge, token, settlement.before)
  if purge.state == 'sending' and purge.lease == token then
    purge.lease = nil
    sent[result.outcome](purge, result)
  elseif purge.lostLease == token and (purge.state == 'unknown' or purge.state == 'queued') then
    settleLate(purge, result)
  elseif isForgotten(purge) then
    settleForgotten(purge, result)
  else
    if isSecondSend(purge, settlement) then
      setAside(purge)
      spendUnrecorded(purge)
    end
    note(purge, 'imagekit', 'An answer to an earlier send came too late to change anything: ' .. result.outcome
      .. (result.imagekitRequestId and ' (ImageKit request ' .. result.imagekitRequestId .. ').' or '.'))
  end
  save(purge)
end
