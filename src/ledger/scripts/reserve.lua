-- Accepts a batch or refuses it whole: idempotency key, joins, budget, records, queue and the leases of the first wave.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  batchId, actor, reason?, changedAt? (ms), onExhausted ('reject' | 'hold'), keyHash?, bodyHash?,
--          sendAfter? (ms), settleMs?, dropIn?: { id, isResend } (only with one purge), lines (JSON text, stored
--          unchanged), lease { token, limit (purges) },
--          purges: { id, url, maskedUrl?, kind, target (the name of its pointer), repeats (the name under which its
--          repetitions count), lines, check?: { outcome ('waiting' | 'unreadable'), url, cause? },
--          unscheduled? (the name of the pointer without `sendAfter`) }
-- Replies  'reserved', leases (JSON), batch… · 'replayed', '', batch… · 'key-reused' · 'in-doubt', the alarm (JSON)
--          · 'exhausted', units, budget (JSON) · 'rate-limited', milliseconds, 'storage'
--          · 'repeating', the purges that the actor repeats too often (JSON, { id, since (ms) })
--          (batch…: lib/batch-reply.lua)
-- Again    changes nothing: the instance chose the batch id, and an existing batch gets the same leases
--@include caller-rate
--@include lease
--@include joins
--@include drop-in
--@include repeats
--@include known-key
--@include run

-- Refuses a batch that repeats purges too often. Writes only what health shows for an hour.
local function refuseRepeating(found, repeats)
  local repeating, first = {}, nil
  for i, purge in ipairs(input.purges) do
    local since = not found[i] and repeatedSince(repeats, purge.repeats)
    if since then
      repeating[#repeating + 1] = { id = purge.id, since = since }
      first = first or purge
    end
  end
  if not first then return nil end
  closeAll()
  local seen = { at = now, actor = input.actor, url = first.maskedUrl or first.url }
  call('SET', REPEATING, cjson.encode(seen), 'PX', HOUR)
  return { 'repeating', cjson.encode(repeating) }
end

-- Joins a purge that serves a line already. Returns whether it may be sent now, which it could not before.
local function joinPurge(purge, check, sendAt)
  if not isTerminal(purge.state) then
    purge.batches[#purge.batches + 1] = { id = input.batchId, actor = input.actor }
  end
  edgeCheck.ask(purge, check, input.changedAt)
  nameDropIn(purge)
  local isDue = sendSooner(purge, sendAt or now)
  note(purge, input.actor, 'Joined by batch ' .. input.batchId .. ' at no cost.', 'joined')
  save(purge)
  return isDue
end

-- Makes a purge, queued or held. Returns whether it may be sent now.
local function makePurge(purge, state, sendAt)
  purge.repeats = nil
  purge.batchId, purge.actor, purge.reason, purge.createdAt = input.batchId, input.actor, input.reason, now
  purge.state, purge.units, purge.attempts, purge.checks = state, 0, 0, 0
  purge.sendAt, purge.isScheduled = sendAt, input.sendAfter and true
  purge.batches, purge.timeline = { { id = input.batchId, actor = input.actor } }, {}
  edgeCheck.ask(purge, purge.check, input.changedAt)
  purge.check = nil
  nameDropIn(purge)
  countState(state, 1)
  local waits = input.sendAfter and ' It is sent at its scheduled time.'
    or sendAt and ' It waits for other requests to share it.' or ''
  if state == 'queued' then
    setAside(purge)
    note(purge, input.actor, 'Accepted; one unit is set aside for it.' .. waits)
    enqueue(purge, now)
  else
    note(purge, input.actor, 'Accepted; held until there is budget for it.' .. waits)
    enqueueHeld(purge)
  end
  saveNew(purge)
  writes[#writes + 1] = family.target .. purge.target
  writes[#writes + 1] = purge.id
  return state == 'queued' and not isTooEarly(purge)
end

-- The target of an older purge has a newer one now: an alarm that the CDN still serves an old copy ends. It begins
-- again if the newer one does not complete.
local function purgeAgain(purge, older)
  if not older or older.alarm ~= 'stale' then return end
  purge.endedAlarmOf = older.id
  local text = 'Batch ' .. input.batchId .. ' purges it again, so its alarm ended.'
  edgeCheck.endStale(older, input.actor, text, 'purged-again')
  save(older)
end

return run(function()
  openBooks()
  keepNothing()
  local batchKey = family.batch .. input.batchId
  local leaseRequest = { lane = 'send', token = input.lease.token, limit = input.lease.limit, isNew = true }

  if call('EXISTS', batchKey) == 1 then
    local leased = call('GET', family.lease .. input.lease.token) or cjson.encode({ leases = {} })
    return replyWithBatch('reserved', input.batchId, leased)
  end

  local known = replyToKnownKey(input.keyHash, input.bodyHash)
  if known then return known end

  balance()
  local targets = {}
  for i, purge in ipairs(input.purges) do targets[i] = purge.target end
  local found, newest = findJoins(targets, input.changedAt, input.sendAfter)
  local given = findGiven()
  found[1] = given or found[1]

  local wanted, names, isNamed = 0, {}, {}
  for i, purge in ipairs(input.purges) do
    if not found[i] then
      wanted = wanted + 1
      if not isNamed[purge.repeats] then names[#names + 1] = purge.repeats end
      isNamed[purge.repeats] = true
    end
  end
  local repeats = readRepeats(input.actor, names)
  local refusal = refuseRepeating(found, repeats)
  if refusal then return refusal end

  -- Held purges come first: the units that they wait for are not free.
  local held = countHeld()
  local free = books.isInDoubt and 0 or math.max(0, available() - held)
  if wanted > 0 and books.isInDoubt and input.onExhausted == 'reject' then return refuseInDoubt() end
  if wanted > free and (input.onExhausted == 'reject' or held + wanted - free > policy.quota) then
    closeAll()
    return { 'exhausted', tostring(wanted), budgetReply() }
  end

  -- What the batch takes in Redis: this request, and about 1,000 bytes more for each record.
  local over = overRate('room:' .. input.actor, policy.storage, #ARGV[2] + 1000 * (1 + wanted))
  if over then
    closeAll()
    return { 'rate-limited', over, 'storage' }
  end

  -- When this request wants its purges sent, if not at once.
  local sendAt = input.sendAfter or (input.settleMs or 0) > 0 and now + input.settleMs or nil
  local new, joined, ids, isOpen = {}, {}, {}, {}
  local indexed, toSend = {}, {}
  for i, purge in ipairs(input.purges) do
    local existing = found[i]
    local served = existing or purge
    ids[i] = served.id
    if existing then
      joined[purge.id] = existing.id
      if joinPurge(existing, purge.check, sendAt) then toSend[#toSend + 1] = existing.id end
    else
      purgeAgain(purge, newest[i] and load(newest[i]))
      if makePurge(purge, #new < free and 'queued' or 'held', sendAt) then toSend[#toSend + 1] = purge.id end
      indexed[#indexed + 1] = now
      indexed[#indexed + 1] = purge.id
      new[#new + 1] = purge.id
    end
    if not isTerminal(served.state) then isOpen[#isOpen + 1] = served.id end
  end

  -- This write comes first because it needs memory: if there is none, Redis refuses it and nothing was written.
  keepFromHere()
  local batch = {
    createdAt = string.format('%.0f', now), actor = input.actor, reason = input.reason or '', units = #new,
    lines = input.lines, joined = cjson.encode(joined), purges = #ids > 0 and cjson.encode(ids) or '[]',
  }
  local fields = {}
  for field, value in pairs(batch) do
    fields[#fields + 1] = field
    fields[#fields + 1] = value
  end
  call('HSET', batchKey, unpack(fields))
  if not input.sendAfter then rememberChange(targets, ids, input.changedAt) end
  rememberGiven(ids[1], given)
  countRepeats(repeats, names)
  if #new > 0 then call('ZADD', INDEX, unpack(indexed)) end
  if #isOpen > 0 then
    call('SADD', family.waiting .. input.batchId, unpack(isOpen))
  else
    call('PEXPIRE', batchKey, retentionMs)
  end
  if input.keyHash then
    -- At most as long as its batch.
    local stored = cjson.encode({ batchId = input.batchId, bodyHash = input.bodyHash })
    call('SET', family.idempotency .. input.keyHash, stored, 'PX', math.min(7 * DAY, retentionMs))
  end

  leaseRequest.purgeIds = toSend
  local leased = lease(leaseRequest)
  closeAll()
  return replyOfBatch('reserved', input.batchId, leased, batch, #isOpen > 0)
end, forgetGiven)
