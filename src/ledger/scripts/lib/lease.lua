-- Leases: the right to act on a purge until a deadline. The holder proves it with the lease's token.
--
--   queued ──lease──► sending ──answer──► pending | refused | queued | unknown
--                        └──lease runs out──► unknown ──60 s──► queued, with a second unit, once
--
-- A poll's lease is only its score in the queue: two polls of one purge ask twice and change nothing.
--@include units
--@include schedule
--@include pace
--@include edge
--@exports giveUp, unknownDueAt, becomeUnknown, queueResend, lease, leaseOnce


local function mayResend(purge)
  return policy.resendUnknown == 'once' and purge.resendable
end

-- Ends a purge that may not have cleared the cache. The alarm lasts until an operator closes the purge.
function giveUp(purge, text)
  move(purge, 'abandoned', SERVICE, text)
  raiseAlarm(purge, 'abandoned')
end

-- When an unknown purge is due again: for its resend, or to see whether it may be resent by then.
function unknownDueAt(purge)
  return now + (mayResend(purge) and timings.resendPauseMs or HOUR)
end

-- No usable answer came. ImageKit may have the purge, so its unit stays spent.
function becomeUnknown(purge, text)
  purge.lease = nil
  if purge.resent then
    giveUp(purge, text .. ' It had been resent once already, so it is given up; both units stay spent.')
  else
    move(purge, 'unknown', SERVICE, text, 'unknown')
    enqueue(purge, unknownDueAt(purge))
    if not mayResend(purge) then raiseAlarm(purge, 'unknown-not-resent') end
  end
end

-- Queues a resend; false if no second unit is free for it. The caller has checked that the purge may be resent.
function queueResend(purge, by, text)
  if books.isInDoubt or available() < 1 then return false end
  setAside(purge)
  purge.resent = true
  move(purge, 'queued', by, text)
  enqueue(purge, now)
  return true
end

-- Handles leases and pauses that are over, at most 100 at a time. A lease that ran out counts as a lost answer: what
-- killed its holder may do so again, and each time may cost a unit.
local function settleDue()
  local ids = firstDue(SETTLE, 100)
  local purges = loadAll(ids)
  for _, id in ipairs(ids) do
    local purge = purges[id]
    if not purge then
      dropFromQueue(SETTLE, id)
    elseif purge.state == 'sending' then
      paceDoubtful('send')
      purge.lostLease, purge.resendable = purge.lease, true
      purge.error = { code = 'answer-lost', message = 'The outcome of the send is unknown.' }
      becomeUnknown(purge, 'Nobody reported the outcome of the send: ImageKit may or may not have it.')
    elseif mayResend(purge) and books.isInDoubt then
      enqueue(purge, now + 5 * MINUTE)
    elseif mayResend(purge) then
      if not queueResend(purge, SERVICE, 'Still unknown after the pause: it is sent once more, for a second unit.') then
        raiseAlarm(purge, 'resend-without-budget')
        enqueue(purge, math.min(now + 5 * MINUTE, books.endsAt))
      end
    else
      raiseAlarm(purge, 'unknown-not-resent')
      enqueue(purge, unknownDueAt(purge))
    end
    if purge then save(purge) end
  end
end

-- Only resends stay queued beyond the budget: they cannot be held. They wait for a unit, and an alarm says so.
local function sayResendsWait()
  local purges = loadAll((firstDue(SEND, 100)))
  for _, purge in pairs(purges) do
    if purge.spentUnits and not purge.alarm then
      raiseAlarm(purge, 'resend-without-budget')
      save(purge)
    end
  end
end

-- How many sends, at most `wanted`, may be leased now. A crash of all instances makes every leased send unknown, so
-- there is a limit.
local function freeSends(wanted)
  -- Sending and unknown purges: often few enough.
  local settling = callQueue('ZCARD', SETTLE)
  if settling + wanted <= policy.mostSending then return wanted end
  local sending = tonumber(call('HGET', OPEN, 'sending') or '0') + (moved.sending or 0)
  -- A purge whose record is gone has left the queue, but is still in that count.
  return math.max(0, policy.mostSending - math.min(sending, settling))
end

-- Leases at most limit queued purges: those of ids in their order, or any that are due. Returns them, and when to ask
-- again.
local function leaseSends(token, limit, ids)
  if now + timings.sendLeaseMs > books.endsAt then return {}, books.endsAt end
  if books.isInDoubt then return {}, now + MINUTE end
  if books.wentBack then return {}, now + timings.sendLeaseMs end
  if available() < 0 then
    sayResendsWait()
    return {}, math.min(now + MINUTE, books.endsAt)
  end
  local free, againAt = allowance('send', limit)
  local sendsLeft = free > 0 and freeSends(free) or 0
  -- Other holders have the rest. Most get their answers within a second; a dead holder's leases run out in a minute.
  if sendsLeft < free then free, againAt = sendsLeft, now + SECOND end
  if free == 0 then return {}, callQueue('EXISTS', SEND) == 1 and againAt or nil end
  local due, nextAt = ids, nil
  if not ids then due, nextAt = firstDue(SEND, free) end
  local purges, leased, laterAt, more = loadAll(due), {}, nil, false
  for _, id in ipairs(due) do
    local purge = purges[id]
    if not purge then
      dropFromQueue(SEND, id)
    elseif isTooEarly(purge) then
      laterAt = math.min(laterAt or purge.sendAt, purge.sendAt)
      if purge.nextCheckAt < purge.sendAt then
        -- An older deployment, which does not know `sendAt`, made it due.
        leave(purge, SEND)
        enqueue(purge, purge.sendAt)
        save(purge)
      end
    elseif purge.state == 'queued' and purge.nextCheckAt > now then
      laterAt = math.min(laterAt or purge.nextCheckAt, purge.nextCheckAt)
    elseif purge.state == 'queued' and #leased == free then
      more = true
    elseif purge.state == 'queued' then
      spendReserved(purge)
      purge.lease, purge.lostLease, purge.sentAt, purge.attempts = token, nil, now, purge.attempts + 1
      move(purge, 'sending', SERVICE, purge.resent and 'Sent to ImageKit once more.' or 'Sent to ImageKit.')
      enqueue(purge, now + timings.sendLeaseMs)
      local checkUrl = edgeCheck.readBeside(purge, token)
      save(purge)
      leased[#leased + 1] = { purgeId = id, url = purge.url, leasedAt = now, checkUrl = checkUrl }
    end
  end
  draw('send', #leased)
  if not ids then
    laterAt = nextAt
    more = laterAt and laterAt <= now
  end
  return leased, more and againAt or laterAt
end

local function leasePolls(limit, ids)
  local free, againAt = allowance('poll', limit)
  if free == 0 then return {}, callQueue('EXISTS', POLL) == 1 and againAt or nil end
  local due, laterAt = dueAmong(POLL, free, ids)
  local purges, leased, scores = loadAll(due), {}, {}
  for _, id in ipairs(due) do
    local purge = purges[id]
    if purge then
      leased[#leased + 1] = { purgeId = id, imagekitRequestId = purge.imagekitRequestId }
      scores[#scores + 1] = now + timings.pollLeaseMs
      scores[#scores + 1] = id
    else
      dropFromQueue(POLL, id)
    end
  end
  if #scores > 0 then call('ZADD', POLL, unpack(scores)) end
  draw('poll', #leased)
  if not ids and #leased > 0 then laterAt = math.min(laterAt or math.huge, now + timings.pollLeaseMs) end
  return leased, laterAt and (laterAt <= now and againAt or laterAt)
end

-- A sweep found nothing to lease: its lane rests until there may be something.
local function restAfter(lane, againAt)
  if lane == 'send' then
    local settleAt = tonumber(callQueue('ZRANGE', SETTLE, 0, 0, 'WITHSCORES')[2])
    if againAt or settleAt or countHeld() > 0 then
      againAt = math.min(againAt or math.huge, settleAt or math.huge)
    end
  end
  rest(lane, againAt)
end

function lease(request)
  local leased, againAt, scheduledAt
  if request.lane == 'send' then
    if not request.purgeIds then
      settleDue()
      scheduledAt = wakeScheduled()
    end
    leased, againAt = leaseSends(request.token, request.limit, request.purgeIds)
  else
    leased, againAt = leasePolls(request.limit, request.purgeIds)
  end
  -- Who asked for none has not found out whether there is one.
  if #leased == 0 and request.limit > 0 and not request.purgeIds then restAfter(request.lane, againAt) end
  if scheduledAt then againAt = math.min(againAt or math.huge, scheduledAt) end
  local reply = cjson.encode({ leases = leased, retryInMs = againAt and math.max(0, againAt - now) })
  -- An empty reply to a poll request is not remembered: a late duplicate of the call may lease polls, which only wait
  -- until that lease runs out. Sends that such a duplicate leases would become unknown.
  if #leased > 0 or (request.lane == 'send' and not request.isNew) then
    call('SET', family.lease .. request.token, reply, 'PX', 2 * MINUTE)
  end
  return reply
end

-- The same token gets the same reply: the caller may have lost the first one.
function leaseOnce(request)
  return call('GET', family.lease .. request.token) or lease(request)
end
