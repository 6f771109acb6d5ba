/**
 * Leases: the right to act on a purge until a deadline, proved by the caller's token.
 *
 *   queued ──lease──► sending ──answer──► pending | refused | queued | unknown
 *                        └──lease runs out──► unknown ──60 s──► queued, with a second unit, once
 *
 * A poll's lease is only its score in the queue: whoever polls twice asks twice and changes nothing.
 */
export const lease = /* lua */ `
local SEND_LEASE, POLL_LEASE = 60 * SECOND, 15 * SECOND
local RESEND_PAUSE = 60 * SECOND

-- When an unknown purge is looked at again: for its resend, or to see whether it may be resent by now.
local function unknownDueAt(purge)
  if policy.resendUnknown == 'once' and purge.resendable then return now + RESEND_PAUSE end
  return now + HOUR
end

-- No usable answer came, and ImageKit may have the purge. Its unit stays spent.
local function becomeUnknown(purge, text)
  purge.lease = nil
  if purge.resent then
    move(purge, 'abandoned', SERVICE, text .. ' It had been resent once already, so it is given up; both units stay spent.')
  else
    move(purge, 'unknown', SERVICE, text)
    enqueue(purge, unknownDueAt(purge))
  end
end

-- Whether the second unit was there. The caller has made sure that the purge may be resent.
local function queueResend(purge, by, text)
  if available() < 1 then return false end
  setAside(purge)
  purge.resent = true
  move(purge, 'queued', by, text)
  enqueue(purge, now)
  return true
end

-- What a lease or a pause that is over leads to. At most 100 at a time.
local function settleDue()
  local ids = redis.call('ZRANGEBYSCORE', SETTLE, '-inf', now, 'LIMIT', 0, 100)
  local purges = loadAll(ids)
  for _, id in ipairs(ids) do
    local purge = purges[id]
    if not purge then
      redis.call('ZREM', SETTLE, id)
    elseif purge.state == 'sending' then
      purge.lostLease, purge.resendable = purge.lease, true
      purge.error = { code = 'answer-lost', message = 'What became of the send is not known.' }
      becomeUnknown(purge, 'Nobody reported what became of the send: ImageKit may have it or not.')
    elseif policy.resendUnknown == 'once' and purge.resendable then
      if not queueResend(purge, SERVICE, 'Still unknown after the pause: it is sent once more, for a second unit.') then
        waitForUnit(purge)
        enqueue(purge, math.min(now + 5 * MINUTE, books.endsAt))
      end
    else
      enqueue(purge, unknownDueAt(purge))
    end
    if purge then save(purge) end
  end
end

-- Leases up to limit queued purges: of ids in their order, or whatever is due. Returns them, and when to ask again.
local function leaseSends(token, limit, ids)
  if now + SEND_LEASE > books.endsAt then return {}, books.endsAt end
  if available() < 0 then return {}, math.min(now + MINUTE, books.endsAt) end
  local free, againAt = allowance('send', limit)
  if free == 0 then return {}, redis.call('EXISTS', SEND) == 1 and againAt or nil end
  local due = ids or redis.call('ZRANGEBYSCORE', SEND, '-inf', now, 'LIMIT', 0, free)
  local purges, leased, laterAt, more = loadAll(due), {}, nil, false
  for _, id in ipairs(due) do
    local purge = purges[id]
    if not purge then
      redis.call('ZREM', SEND, id)
    elseif purge.state == 'queued' and purge.nextCheckAt > now then
      laterAt = math.min(laterAt or purge.nextCheckAt, purge.nextCheckAt)
    elseif purge.state == 'queued' and #leased == free then
      more = true
    elseif purge.state == 'queued' then
      spendReserved(purge)
      purge.lease, purge.lostLease, purge.sentAt, purge.attempts = token, nil, now, purge.attempts + 1
      move(purge, 'sending', SERVICE, purge.resent and 'Sent to ImageKit once more.' or 'Sent to ImageKit.')
      enqueue(purge, now + SEND_LEASE)
      save(purge)
      leased[#leased + 1] = { purgeId = id, url = purge.url }
    end
  end
  draw('send', #leased)
  if not ids then
    local first = redis.call('ZRANGE', SEND, 0, 0, 'WITHSCORES')[2]
    laterAt = first and tonumber(first)
    more = laterAt and laterAt <= now
  end
  return leased, more and againAt or laterAt
end

local function leasePolls(limit, ids)
  local free, againAt = allowance('poll', limit)
  if free == 0 then return {}, redis.call('EXISTS', POLL) == 1 and againAt or nil end
  local due = {}
  if ids then
    for _, id in ipairs(ids) do
      local score = redis.call('ZSCORE', POLL, id)
      if score and tonumber(score) <= now and #due < free then due[#due + 1] = id end
    end
  else
    due = redis.call('ZRANGEBYSCORE', POLL, '-inf', now, 'LIMIT', 0, free)
  end
  local purges, leased, scores = loadAll(due), {}, {}
  for _, id in ipairs(due) do
    local purge = purges[id]
    if purge then
      leased[#leased + 1] = { purgeId = id, imagekitRequestId = purge.imagekitRequestId }
      scores[#scores + 1] = now + POLL_LEASE
      scores[#scores + 1] = id
    else
      redis.call('ZREM', POLL, id)
    end
  end
  if #scores > 0 then redis.call('ZADD', POLL, unpack(scores)) end
  draw('poll', #leased)
  local first = redis.call('ZRANGE', POLL, 0, 0, 'WITHSCORES')[2]
  local nextAt = first and tonumber(first)
  return leased, nextAt and (nextAt <= now and againAt or nextAt)
end

-- Asked again with the same token, the answer is the same: the caller may never have read the first one.
local function leaseOnce(request)
  local key = family.lease .. request.token
  local known = redis.call('GET', key)
  if known then return known end
  local leased, againAt
  if request.endpoint == 'send' then
    if not request.purgeIds then settleDue() end
    leased, againAt = leaseSends(request.token, request.limit, request.purgeIds)
  else
    leased, againAt = leasePolls(request.limit, request.purgeIds)
  end
  local reply = cjson.encode({ leases = leased, retryInMs = againAt and math.max(0, againAt - now) })
  if #leased > 0 then redis.call('SET', key, reply, 'PX', 2 * MINUTE) end
  return reply
end
`;
