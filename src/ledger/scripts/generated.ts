// Made from the .lua files of this folder by `npm run generate`. Change those instead.

/** Text of each Lua file. */
export const texts = {
  "advance": `-- Settles what ImageKit has answered, and leases more: of the given purges, or of any that are due.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  settlements?: { lane, purgeId, token, imagekitRequestId?, result, before? },
--          lease?: { lane ('send' | 'poll'), token, limit (purges), purgeIds? }, batchId?
-- Replies  'advanced', the leases as JSON ({ leases: { purgeId, url, leasedAt (ms), checkUrl? } |
--          { purgeId, imagekitRequestId }, retryInMs? }), then, if asked for, the batch (lib/batch-reply.lua)
-- Again    settles nothing twice, since the purge knows the settlement's token, and leases no send twice, since the
--          lease's token gets the same leases
--@include settle-poll
--@include trim
--@include batch-reply
--@include run

return run(function()
  openBooks()
  local settlements = input.settlements or {}
  checkSettlements(settlements)
  local ids = {}
  for i, settlement in ipairs(settlements) do ids[i] = settlement.purgeId end
  local purges = loadAll(ids)
  for _, settlement in ipairs(settlements) do
    local purge = purges[settlement.purgeId]
    if purge and settlement.lane == 'send' then
      settleSend(purge, settlement)
    elseif purge then
      settlePoll(purge, settlement)
    else
      settleWithoutRecord(settlement)
    end
  end

  local leased = cjson.encode({ leases = {} })
  if input.lease then
    if input.lease.lane == 'send' and not input.lease.purgeIds then
      balance()
      trimIndex()
    end
    leased = leaseOnce(input.lease)
  end
  closeAll()
  return input.batchId and replyWithBatch('advanced', input.batchId, leased) or { 'advanced', leased }
end)
`,
  "audit": `-- Compares queues, counts and records, and mends what is certain: an open purge that is in no queue goes back into its
-- own. A sweep's audit looks at the newest records and at the next slice of the older ones. It never lowers
-- \`reserved\`, and recounts open purges only while no queue lacks any. A repair names every record, and recounts at the
-- end.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  ids? (purges that a repair names), finish? (the end of a repair: recount), with finish: spent (the units
--          that all records show as spent in the period in force), alarms (by code: how many ended purges cause it)
-- Replies  'checked', the units that the records of these ids show as spent in the period in force, by code how many of
--          the ended ones cause an alarm (JSON)
-- Again    finds nothing more to mend; a sweep's audit looks at the slice after that one
--@include queues
--@include run

local NEWEST, SLICE = 50, 50

-- The newest members of the index, and the next slice of the others. The slice begins behind the last id of the one
-- before it, or anew once that was the oldest. So every record has its turn, however often audits run and however many
-- purges are made meanwhile.
local function idsToCheck()
  local ids = call('ZREVRANGE', INDEX, 0, NEWEST - 1, 'WITHSCORES')
  local count = call('ZCARD', INDEX)
  if count > NEWEST then
    local last = call('HGET', LEDGER, 'auditedTo')
    local from = math.max(NEWEST, (last and call('ZREVRANK', INDEX, last) or 0) + 1)
    if from >= count then from = NEWEST end
    for _, value in ipairs(call('ZREVRANGE', INDEX, from, from + SLICE - 1, 'WITHSCORES')) do ids[#ids + 1] = value end
    call('HSET', LEDGER, 'auditedTo', ids[#ids - 1])
  end
  local members, createdAt = {}, {}
  for i = 1, #ids, 2 do
    members[#members + 1] = ids[i]
    createdAt[ids[i]] = tonumber(ids[i + 1])
  end
  return members, createdAt
end

local function endedAlarmsIn(purges)
  local counts = {}
  for _, code in ipairs(ENDED_ALARMS) do counts[code] = 0 end
  for _, purge in pairs(purges) do
    local count = isTerminal(purge.state) and counts[purge.alarm]
    if count then counts[purge.alarm] = count + 1 end
  end
  return counts
end

-- An older deployment's recount loses alarms whose purges have ended. There are at least as many as these records show.
local function restoreAlarms(purges)
  for code, count in pairs(endedAlarmsIn(purges)) do
    if count > 0 and count > tonumber(call('HGET', OPEN, 'alarm:' .. code) or 0) then
      call('HSET', OPEN, 'alarm:' .. code, count)
      call('HSETNX', ALARMS, code, cjson.encode({ since = now }))
    end
  end
end

local function sweepsAudit(scheduledAt)
  local ids, createdAt = idsToCheck()
  local purges = putBack(ids)
  for _, id in ipairs(ids) do
    -- Every record is kept for at least a day. One that is there is broken.
    if not purges[id] and (createdAt[id] > now - DAY or call('EXISTS', family.purge .. id) == 1) then
      nameDamage({ family.purge .. id })
      call('ZREM', INDEX, id)
    end
  end
  restoreAlarms(purges)
  local short, open = disagreements(scheduledAt)
  nameDamage(short)
  if #short > 0 then isScheduleChanged = true end
  local areQueuesShort = false
  local noQueue = { [OPEN] = true, [BUDGET] = true, [INDEX] = true, [WAKE] = true, [PROFILES] = true }
  for _, key in ipairs(short) do areQueuesShort = areQueuesShort or not noQueue[key] end
  if #short == 0 or areQueuesShort or open > MOST_RECOUNTED then return end
  books.reserved = math.max(books.reserved, recount().queued or 0)
end

local function spentIn(purges)
  local units = 0
  for _, purge in pairs(purges) do
    for _, unit in ipairs(purge.spentUnits or {}) do
      if unit.month == books.startsAt then units = units + 1 end
    end
  end
  return units
end

-- Adds purges that the index lacks.
local function index(purges)
  for id, purge in pairs(purges) do
    if call('ZADD', INDEX, 'NX', purge.createdAt, id) == 1 then nameDamage({ INDEX }) end
  end
end

return run(function()
  openBooks()
  local scheduledAt = wakeAllScheduled()
  local spent, alarms = 0, {}
  if input.ids then
    local purges = putBack(input.ids)
    index(purges)
    spent, alarms = spentIn(purges), endedAlarmsIn(purges)
  elseif input.finish then
    nameDamage((disagreements(scheduledAt)))
    isScheduleChanged = true
    books.reserved = recount(input.alarms).queued or 0
    -- Nothing is sent while the budget is in doubt. So the records show at most what the month cost.
    local missing = books.isInDoubt and input.spent - books.spent or 0
    if missing > 0 then spend(missing, books.startsAt, math.floor(now / DAY), SERVICE) end
  else
    sweepsAudit(scheduledAt)
  end
  closeAll()
  return { 'checked', tostring(spent), cjson.encode(alarms) }
end)
`,
  "cancel": `-- Detaches batches from a purge that is queued or held, and cancels it when none is left.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  id, actor, scope ('own-batches' | 'every-batch'), batchId? (only this one of them), operation (this call's
--          id)
-- Replies  'done' | 'forbidden-state' | 'not-yours', purge, budget (both JSON) · 'not-found'
-- Again    changes nothing and replies 'done': the purge knows the operation
--@include units
--@include edge
--@include operate
--@include run

return run(function()
  openBooks()
  local purge = load(input.id)
  if not purge then return { 'not-found' } end
  if purge.operation == input.operation then return operated('done', purge) end
  if purge.state ~= 'queued' and purge.state ~= 'held' then return operated('forbidden-state', purge) end

  local leaving, staying = {}, {}
  for _, batch in ipairs(purge.batches) do
    local isOwn = input.scope == 'every-batch' or batch.actor == input.actor
    local isMeant = not input.batchId or batch.id == input.batchId
    local list = isOwn and isMeant and leaving or staying
    list[#list + 1] = batch
  end
  if #leaving == 0 then return operated('not-yours', purge) end

  for _, batch in ipairs(leaving) do
    local key = family.batch .. batch.id
    local before = call('HGET', key, 'cancelled')
    call('HSET', key, 'cancelled', before and before .. ' ' .. purge.id or purge.id)
    stopWaiting(batch.id, purge.id)
  end
  if #staying > 0 then
    purge.batches = staying
    note(purge, input.actor, 'A batch no longer waits for it; another one does.')
  else
    if purge.state == 'queued' then releaseReserved(purge) end
    move(purge, 'cancelled', input.actor, purge.spentUnits
      and 'The resend was cancelled; the unit of the first send stays spent.' or 'Cancelled before it was sent.')
  end
  return finish(purge)
end)
`,
  "change-profile": `-- Creates, replaces or deletes one profile, if no profile has changed since the caller checked this change. It is
-- checked against all of them, because two profiles may not share a path.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  name, profile? (absent: it is deleted), expectedVersion (of all profiles), actor, operation (this call's
--          id)
-- Replies  'changed' | 'conflict' (nothing was written), version, profiles (JSON)
-- Again    changes nothing and replies 'changed': the history knows the operation
--@include books
--@include profiles
--@include run

local MOST_CHANGES = 100

-- Whether one of the latest changes was this call.
local function isKnown()
  for _, change in ipairs(call('LRANGE', PROFILE_CHANGES, 0, 9)) do
    if cjson.decode(change).operation == input.operation then return true end
  end
  return false
end

return run(function()
  openBooks()
  if isKnown() then return { 'changed', profilesReply() } end
  local field = 'profile:' .. input.name
  local stored = call('HMGET', PROFILES, 'version', field)
  local version, before = tonumber(stored[1] or 0), stored[2] and cjson.decode(stored[2]) or nil
  if version ~= input.expectedVersion then return { 'conflict', profilesReply() } end
  if not before and not input.profile then return { 'changed', profilesReply() } end

  written = true
  local after = input.profile
  if after then
    after.name, after.version, after.changedAt, after.changedBy = input.name, version + 1, now, input.actor
    call('HSET', PROFILES, 'version', version + 1, field, cjson.encode(after))
  else
    call('HSET', PROFILES, 'version', version + 1)
    call('HDEL', PROFILES, field)
  end
  local change = { at = now, actor = input.actor, name = input.name, operation = input.operation }
  change.before, change.after = before, after
  call('LPUSH', PROFILE_CHANGES, cjson.encode(change))
  call('LTRIM', PROFILE_CHANGES, 0, MOST_CHANGES - 1)
  closeAll()
  return { 'changed', profilesReply() }
end)
`,
  "check": `-- Settles what readings of the edge showed, and leases more: of the given purges, or of any that are due. It opens no
-- books, because a check changes no unit and no state; so it stays cheap.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  settlements?: { lane ('check'), purgeId, token, try?, result: { outcome, cause?, after?, before? } },
--          lease?: { token, limit (purges), purgeIds? }, batchId?
-- Replies  'advanced', the leases as JSON ({ leases: { purgeId, leasedAt (ms), sentAt (ms), completedAt (ms),
--          changedAt? (ms), edge }, retryInMs? }), then, if asked for, the batch (lib/batch-reply.lua)
-- Again    settles nothing twice, since the purge knows the settlement's token; the lease's token gets the same leases
--@include schedule
--@include settle-check
--@include batch-reply
--@include run


local function leaseChecks(limit, ids)
  local due, laterAt = dueAmong(CHECKS, limit, ids)
  local purges, leased, scores, gone = loadAll(due), {}, {}, {}
  for _, id in ipairs(due) do
    local purge = purges[id]
    if purge and edgeCheck.isDue(purge) then
      leased[#leased + 1] = {
        purgeId = id, leasedAt = now, sentAt = purge.sentAt, completedAt = purge.completedAt,
        changedAt = purge.changedAt, edge = purge.edge,
      }
      scores[#scores + 1] = now + timings.checkLeaseMs
      scores[#scores + 1] = id
    elseif purge and purge.alarm == 'stale' then
      edgeCheck.endStale(purge, SERVICE, 'The alarm about the old copy ended after a day.')
      save(purge)
    else
      gone[#gone + 1] = id
    end
  end
  if #scores > 0 then call('ZADD', CHECKS, unpack(scores)) end
  if #gone > 0 then call('ZREM', CHECKS, unpack(gone)) end
  if not ids and #leased > 0 then laterAt = math.min(laterAt or math.huge, now + timings.checkLeaseMs) end
  return leased, laterAt
end

-- Neither settings nor ImageKit's pace change anything in this lane, and whatever enters it ends its rest. So it rests
-- until its first check, and for a week while it is empty: an idle month costs nothing more.
local function restUntilFirst(firstAt)
  restUntil('check', math.floor(math.min(firstAt or math.huge, now + 7 * DAY)))
end

local function lease(request)
  edgeCheck.mendQueue()
  local leased, laterAt = leaseChecks(request.limit, request.purgeIds)
  if #leased == 0 and not request.purgeIds then restUntilFirst(laterAt) end
  local reply = cjson.encode({ leases = leased, retryInMs = laterAt and math.max(0, laterAt - now) })
  if #leased > 0 then call('SET', family.lease .. request.token, reply, 'PX', 2 * MINUTE) end
  return reply
end

return run(function()
  refuseNewerSchema(call('HGET', LEDGER, 'schema'))
  local settlements = input.settlements or {}
  checkReadings(settlements)
  local ids = {}
  for i, settlement in ipairs(settlements) do ids[i] = settlement.purgeId end
  local purges = loadAll(ids)
  for _, settlement in ipairs(settlements) do
    local purge = purges[settlement.purgeId]
    if purge then settleCheck(purge, settlement) end
  end

  local leased = cjson.encode({ leases = {} })
  if input.lease then leased = call('GET', family.lease .. input.lease.token) or lease(input.lease) end
  closing.records()
  closeUnchanged()
  if not input.batchId then return { 'advanced', leased } end
  openBooks()
  return replyWithBatch('advanced', input.batchId, leased)
end)
`,
  "close": `-- Closes a purge that is unknown or overdue, or ends the alarm of one that the service gave up, or whose old copy is
-- still served. Its units stay spent.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  id, actor, operation (the id of this call)
-- Replies  'done' | 'forbidden-state', purge, budget (both JSON) · 'not-found'
-- Again    changes nothing and replies 'done': the purge knows the operation
--@include operate
--@include edge
--@include run

return run(function()
  openBooks()
  local purge = load(input.id)
  if not purge then return { 'not-found' } end
  if purge.operation == input.operation then return operated('done', purge) end
  local text = 'Closed by an operator; its units stay spent.'
  if purge.state == 'abandoned' and purge.alarm then
    endAlarm(purge)
    note(purge, input.actor, text)
  elseif purge.state == 'completed' and purge.alarm == 'stale' then
    edgeCheck.endStale(purge, input.actor, 'Closed by an operator: the old copy is known.')
  elseif purge.state == 'unknown' or purge.state == 'overdue' then
    move(purge, 'abandoned', input.actor, text)
  else
    return operated('forbidden-state', purge)
  end
  return finish(purge)
end)
`,
  "correct": `-- Sets what was spent elsewhere this month. It is always accepted: queued purges that exceed the budget become held.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  external (units), reason?, actor, operation (the id of this call)
-- Replies  'budget', the budget (JSON)
-- Again    changes nothing, and a newer correction stays: the list of corrections knows the operation
--@include units
--@include run

return run(function()
  openBooks()
  local month, list = family.month .. books.startsAt, family.corrections .. books.startsAt
  local isNew = true
  local function lookIn(entries)
    for _, entry in ipairs(entries) do
      if cjson.decode(entry).operation == input.operation then isNew = false end
    end
  end
  lookIn(call('LRANGE', list, 0, 9))
  -- The month may have turned since the first run.
  for _, period in ipairs(policy.periods) do
    if period.startsAt < books.startsAt then lookIn(call('LRANGE', family.corrections .. period.startsAt, 0, 9)) end
  end
  if isNew then
    books.external, books.externalWitnessed, written = input.external, nil, true
    call('HSET', month, 'external', input.external)
    call('LPUSH', list, cjson.encode({
      at = now, external = input.external, reason = input.reason, actor = input.actor, operation = input.operation,
    }))
    call('LTRIM', list, 0, 99)
    call('PEXPIREAT', list, books.endsAt + retentionMs)
  end
  -- An operator has said what the month cost so far. A lost or damaged database lacks nothing else.
  if isNew then
    local ended = call('HDEL', ALARMS, 'ledger-lost', 'ledger-damaged', 'ledger-rolled-back')
    if ended > 0 or books.lost or books.wentBack or books.isInDoubt then
      call('HSET', LEDGER, 'accountedFor', now)
    end
    call('HDEL', BUDGET, 'inDoubt')
    books.lost, books.wentBack, books.isInDoubt, books.doubts = false, false, false, {}
  end
  balance()
  closeAll()
  return { 'budget', budgetReply() }
end)
`,
  "health": `-- What health shows of the ledger. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  {}
-- Replies  'health', budget (JSON), heartbeat (ms) or '', '1' if the ledger was lost and else '0', the alarms that the
--          next write will raise (JSON { damaged?: keys, wentBack? }), the number of purges whose time is still ahead,
--          the latest refusal of a caller that repeats itself (JSON { at, actor, url }) or '', how many edge checks in
--          a row ended \`unchanged\` (JSON { inARow, since (ms) }) or '', then flat JSON lists of field and value: open
--          purges by state and by alarm, pace of sends, pace of polls, alarms
--@include queues
--@include run

return run(function()
  openBooks()
  local function flat(key)
    local list = call('HGETALL', key)
    return #list > 0 and cjson.encode(list) or '[]'
  end
  local damaged = disagreements(firstScheduled())
  for _, key in ipairs(books.doubts) do damaged[#damaged + 1] = key end
  -- Nothing is granted, and the alarm that says why was lost.
  if books.isInDoubt and call('HEXISTS', ALARMS, 'ledger-damaged') == 0 then damaged[#damaged + 1] = ALARMS end
  return {
    'health', budgetReply(), readText(HEARTBEAT) or '', books.lost and '1' or '0',
    cjson.encode({ damaged = #damaged > 0 and damaged or nil, wentBack = books.wentBack or nil }),
    tostring(call('ZCOUNT', SCHEDULED, '(' .. now, '+inf')), readText(REPEATING) or '', readText(UNCHANGED) or '',
    flat(OPEN), flat(PACE.send), flat(PACE.poll), flat(ALARMS),
  }
end)
`,
  "lib/batch-reply": `-- A batch in a script's reply: flat strings, then the purges' records in the order of the lines. A script that changes
-- anything calls \`closeAll\` first.
--@include books
local replyOfBatch, replyWithBatch do

local BATCH_FIELDS = { 'createdAt', 'actor', 'reason', 'units', 'lines', 'joined', 'cancelled', 'purges' }

-- \`batch\`: the stored fields by name. \`isWaiting\`: whether it waits for an open purge.
function replyOfBatch(word, batchId, more, batch, isWaiting)
  local reply = { word, more or '', budgetReply(), isWaiting and '1' or '0', batchId }
  for _, field in ipairs(BATCH_FIELDS) do reply[#reply + 1] = tostring(batch[field] or '') end
  for _, raw in ipairs(textsOf(cjson.decode(batch.purges))) do reply[#reply + 1] = raw end
  return reply
end

-- nil if no such batch exists.
function replyWithBatch(word, batchId, more)
  local values, batch = call('HMGET', family.batch .. batchId, unpack(BATCH_FIELDS)), {}
  if not values[1] then return nil end
  for i, field in ipairs(BATCH_FIELDS) do batch[field] = values[i] end
  return replyOfBatch(word, batchId, more, batch, call('EXISTS', family.waiting .. batchId) == 1)
end
end
`,
  "lib/books": `-- The month's books: read once into \`books\`, changed in memory, written once by \`closeBooks\`.
--
--   available = quota - margin - spent - external - reserved
--
-- \`reserved\` has no month. \`spent\` belongs to the month in which the send was leased, and a refund goes to that month.
--
-- A missing key is not zero. A ledger has either all of its marker, its budget and its record of the period in force,
-- or none of them. If only some are missing, or a figure is no whole number from 0, the budget is in doubt. Then the
-- ledger grants nothing (no reservation, no send, no resend); polls, settlements and reads go on. It rewrites the books
-- with the highest figures that any key still shows and sets \`inDoubt\`, until a correction says what the month cost.
--@include witness
--@include failure
--@include record
local spend, refuseNewerSchema, openBooks, available, budgetReply, refuseInDoubt do

local function turnMonth(endedAt)
  for _, period in ipairs(policy.periods) do
    if now >= period.startsAt and now < period.endsAt then
      books.month, books.endsAt, books.turned = period.month, period.endsAt, true
      books.startsAt = period.startsAt
      -- Under earlier settings, the period that ended was longer: the new one begins where it ended.
      if endedAt and endedAt > period.startsAt then books.startsAt = endedAt end
      return
    end
  end
  error('NOPERIOD the clock of Redis and that of this instance are months apart')
end

-- A figure of the books; absent, it is 0. One that is no whole number from 0 is noted in \`books.broken\`: no limit holds
-- for \`nan\`, which Lua reads as a number.
local function figure(key, field, text)
  local value = tonumber(text or '0')
  if value and value >= 0 and value % 1 == 0 then return value end
  books.broken[#books.broken + 1] = { key = key, field = field }
  return 0
end

-- The keys that put the budget in doubt now.
local function doubtfulKeys(hasBudget, hasMonth)
  local keys = {}
  -- A database without either is new, or was lost as a whole. Only then look for other keys.
  local isBare = not books.createdAt and not hasBudget
  if isBare and call('EXISTS', SEND, SCHEDULED, SETTLE, POLL, HELD, INDEX, OPEN) == 0 then
    return keys
  end
  if not books.createdAt then keys[1] = LEDGER end
  if not hasBudget then keys[#keys + 1] = BUDGET end
  local isNewMonth = books.turned and hasBudget
  if not hasMonth and not isNewMonth then keys[#keys + 1] = family.month .. books.startsAt end
  for _, broken in ipairs(books.broken) do keys[#keys + 1] = broken.key end
  return keys
end

-- Adds units (negative: a refund) to what was spent in the month that began at monthStart, by day and actor.
function spend(units, monthStart, day, actor)
  if monthStart == books.startsAt then books.spent = books.spent + units end
  local month = books.spentBy[monthStart] or {}
  books.spentBy[monthStart] = month
  for _, field in ipairs({ 'spent', 'day:' .. day, 'actor:' .. actor }) do
    month[field] = (month[field] or 0) + units
  end
end

-- Replaces what is missing with the highest figures that any key still shows.
local function restoreBooks()
  books.isRestored, books.turned = true, true
  books.createdAt = books.createdAt or policy.knownSince or books.startsAt
  local queued = call('ZCARD', SEND) + call('ZCARD', SCHEDULED)
  queued = math.max(queued, tonumber(call('HGET', OPEN, 'queued') or 0) or 0)
  books.reserved = math.max(books.reserved, queued)
  chargeWitnessed(spend)
end

function refuseNewerSchema(schema)
  if schema and tonumber(schema) > policy.schema then
    error('NEWERSCHEMA this ledger is of schema ' .. schema .. ', this deployment knows ' .. policy.schema)
  end
end

function openBooks()
  local ledger = call('HMGET', LEDGER, 'schema', 'createdAt', 'accountedFor')
  refuseNewerSchema(ledger[1])
  local witness = policy.witness
  local budget = call('HMGET', BUDGET, 'month', 'startsAt', 'endsAt', 'reserved', 'sequence',
    markOf(witness and witness.sequence or 0), 'inDoubt')
  local sequence, sequenceAt = string.match(budget[5] or '', '^(%d+):(%d+)$')
  books = {
    createdAt = tonumber(ledger[2]), month = budget[1], startsAt = tonumber(budget[2]),
    endsAt = tonumber(budget[3]), spentBy = {}, broken = {},
    sequence = tonumber(sequence or '0'), sequenceAt = tonumber(sequenceAt or '0'),
  }
  local hasBudget = books.startsAt and books.endsAt
  if not hasBudget or now >= books.endsAt then turnMonth(books.endsAt) end
  local monthKey = family.month .. books.startsAt
  local month = call('HMGET', monthKey, 'spent', 'external', 'startsAt', 'unrecorded')
  books.reserved = figure(BUDGET, 'reserved', budget[4])
  books.spent = figure(monthKey, 'spent', month[1])
  books.external = month[2] and figure(monthKey, 'external', month[2]) or nil
  books.unrecorded = figure(monthKey, 'unrecorded', month[4])
  books.before = { reserved = books.reserved, spent = books.spent, unrecorded = books.unrecorded }
  books.doubts = doubtfulKeys(hasBudget, month[3])
  books.isInDoubt = #books.doubts > 0 or budget[7]
  -- This instance saw another ledger here. That one is gone, with what it knew of the month.
  books.lost = not books.isInDoubt and policy.knownSince and policy.knownSince ~= books.createdAt and not ledger[3]
  books.wentBack = not books.isInDoubt and policy.knownSince == books.createdAt
    and wentBack(books.sequence, budget[6], tonumber(ledger[3]))
  if #books.doubts > 0 then restoreBooks() elseif books.wentBack then chargeWitnessed(spend) end
end

function available()
  return policy.quota - policy.margin - books.spent - (books.external or 0) - books.reserved
end

local function closeBooks()
  books.closed = true
  if not books.createdAt or books.isRestored then
    books.createdAt = books.createdAt or now
    call('HSET', LEDGER, 'schema', policy.schema, 'createdAt', books.createdAt)
  end
  if books.isRestored then
    nameDamage(books.doubts)
    -- Before figures are added to them.
    for _, broken in ipairs(books.broken) do call('HDEL', broken.key, broken.field) end
    if books.isInDoubt then call('HSET', BUDGET, 'inDoubt', '1') end
  end
  if books.lost then
    call('HSETNX', ALARMS, 'ledger-lost', cjson.encode({ since = now }))
  end
  if books.wentBack then
    nameInAlarm('ledger-rolled-back', 'purges', {})
    pauseSends()
  end
  local monthKey = family.month .. books.startsAt
  if books.turned then
    call('HSET', BUDGET, 'month', books.month, 'startsAt', books.startsAt, 'endsAt', books.endsAt)
    call('HSET', monthKey, 'month', books.month, 'startsAt', books.startsAt, 'endsAt', books.endsAt)
    call('PEXPIREAT', monthKey, books.endsAt + retentionMs)
  end
  local changed = {}
  if books.reserved ~= books.before.reserved then changed = { 'reserved', books.reserved } end
  if written or #changed > 0 or books.wentBack then
    for _, value in ipairs(nextSequence()) do changed[#changed + 1] = value end
  end
  if #changed > 0 then call('HSET', BUDGET, unpack(changed)) end
  for monthStart, counts in pairs(books.spentBy) do
    local key = family.month .. monthStart
    for field, units in pairs(counts) do
      if units ~= 0 then call('HINCRBY', key, field, units) end
    end
    -- The record of an ended month may have expired. A refund that creates it again must not make it permanent.
    if monthStart ~= books.startsAt and call('PTTL', key) < 0 then
      call('PEXPIRE', key, retentionMs)
    end
  end
  if books.unrecorded ~= books.before.unrecorded then call('HSET', monthKey, 'unrecorded', books.unrecorded) end
  if books.externalWitnessed then call('HSET', monthKey, 'external', books.external) end
end

closing.books = closeBooks

function budgetReply()
  return cjson.encode({
    month = books.month, quota = policy.quota, margin = policy.margin, spent = books.spent,
    reserved = books.reserved, external = books.external or 0, available = available(),
    held = countHeld(), resetsAt = books.endsAt, ledgerCreatedAt = books.createdAt,
    externalStated = books.external ~= nil, startsAt = books.startsAt, now = now,
  })
end

-- Refuses a request while the budget is in doubt. Nothing is recorded or charged.
function refuseInDoubt()
  closeBooks()
  local alarm = call('HGET', ALARMS, 'ledger-damaged')
  return { 'in-doubt', alarm or '{}' }
end
end
`,
  "lib/buffer": `-- Records and queues as this run changes them: read once, changed in memory, written once by \`closeRecords\`. So a purge
-- that goes through several states in one script costs one write. Every read of a queue goes through \`callQueue\`, which
-- first writes the changes to that queue that are still in memory.
--@include rests
--@include damage
--@include sound
--@include failure
local QUEUE, writes, departures, made, unsaved, isScheduleChanged, isTerminal, loadAll, load, textsOf
local keepPlace, save, saveNew, writeQueues, hasChanges, callQueue, dropFromQueue, countHeld, closeSchedule do

-- The queue of a purge in each open state. A queued purge whose time is still ahead is in SCHEDULED (lib/record.lua).
QUEUE = { queued = SEND, sending = SETTLE, unknown = SETTLE, pending = POLL, overdue = POLL, held = HELD }

-- The records that this run has read, and the JSON of each as it was read or saved.
local loaded, texts = {}, {}
-- The records to write, and \`writes\`: more keys and values for the same MSET.
local saved = {}
writes = {}
-- The queue and score that each purge gets (by id), and the queues that purges leave. \`made\`: purges that this script
-- creates, which no queue holds yet.
local placed = {}
departures, made = {}, {}
-- The same for purges that have moved since they were last saved.
unsaved = {}
local storedHeld
isScheduleChanged = false

function isTerminal(state) return QUEUE[state] == nil end

function loadAll(ids)
  local keys, missing, purges = {}, {}, {}
  for _, id in ipairs(ids) do
    if loaded[id] == nil then
      keys[#keys + 1] = family.purge .. id
      missing[#missing + 1] = id
    end
  end
  for i, raw in ipairs(readKeys(keys)) do
    loaded[missing[i]], texts[missing[i]] = raw and decodePurge(raw) or false, raw or nil
  end
  for _, id in ipairs(ids) do purges[id] = loaded[id] or nil end
  return purges
end

function load(id) return loadAll({ id })[id] end

-- The JSON of each purge that exists, in the order of the ids, with this run's changes.
function textsOf(ids)
  local keys, missing, found = {}, {}, {}
  for _, id in ipairs(ids) do
    if not texts[id] then
      keys[#keys + 1] = family.purge .. id
      missing[#missing + 1] = id
    end
  end
  for i, raw in ipairs(readKeys(keys)) do texts[missing[i]] = raw or nil end
  for _, id in ipairs(ids) do found[#found + 1] = texts[id] end
  return found
end

-- Accepts the moves of a purge since it was last saved.
function keepPlace(purge)
  local moves = unsaved[purge.id]
  if not moves then return end
  for _, queue in ipairs(moves.departures) do
    departures[#departures + 1] = { queue = queue, id = purge.id }
    placed[purge.id] = nil
  end
  placed[purge.id] = moves.place or placed[purge.id]
  unsaved[purge.id] = nil
end

function save(purge)
  written = true
  local endedAlarmOf = isTerminal(purge.state) and purge.endedAlarmOf
  if endedAlarmOf then purge.endedAlarmOf = nil end
  local json = cjson.encode(purge)
  -- A purge that raises an alarm stays until an operator closes it. Its retention begins then.
  local expires = isTerminal(purge.state) and not purge.alarm
  saved[purge.id] = { json = json, expires = expires, dropInId = purge.dropInId }
  loaded[purge.id], texts[purge.id] = purge, json
  keepPlace(purge)
  keepStep()
  if endedAlarmOf and purge.state ~= 'completed' then edgeCheck.raiseStaleAgain(endedAlarmOf) end
end

-- Saves a purge that this script creates.
function saveNew(purge)
  made[purge.id] = true
  save(purge)
end

local function writeRecords()
  for id, record in pairs(saved) do
    local values = { [family.purge .. id] = record.json }
    if record.dropInId then values[family.dropIn .. record.dropInId] = id end
    for key, value in pairs(values) do
      if record.expires then
        call('SET', key, value, 'PX', retentionMs)
      else
        writes[#writes + 1] = key
        writes[#writes + 1] = value
      end
    end
  end
  if #writes > 0 then call('MSET', unpack(writes)) end
  saved, writes = {}, {}
end

function writeQueues()
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
  if gone[SCHEDULED] or due[SCHEDULED] then isScheduleChanged = true end
  placed, departures, made = {}, {}, {}
  local failure
  -- One broken queue does not keep purges out of the others. A broken queue of edge checks fails no purge.
  local function change(command, queue, values)
    local isDone, reason = pcall(call, command, queue, unpack(values))
    if not isDone and queue ~= CHECKS then failure = failure or reason end
  end
  for queue, ids in pairs(gone) do change('ZREM', queue, ids) end
  for queue, scores in pairs(due) do change('ZADD', queue, scores) end
  if failure then error(failure, 0) end
end

function hasChanges(queue)
  for _, place in pairs(placed) do
    if place.queue == queue then return true end
  end
  for _, departure in ipairs(departures) do
    if departure.queue == queue then return true end
  end
  return false
end

-- Runs a command on a queue that has all changes made so far. Changes to other queues wait: a purge that is queued and
-- leased in one script then never enters the send queue.
function callQueue(command, queue, ...)
  if hasChanges(queue) then writeQueues() end
  return call(command, queue, ...)
end

-- Removes an id without a record from its queue. Only a lost key leaves such an id.
function dropFromQueue(queue, id)
  call('ZREM', queue, id)
  if queue == HELD then storedHeld = nil end
  if queue == SCHEDULED then isScheduleChanged = true end
  nameDamage({ family.purge .. id })
end

function countHeld()
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

local function countMoves()
  for field, difference in pairs(moved) do
    local left = difference ~= 0 and call('HINCRBY', OPEN, field, difference) or 1
    local code = left <= 0 and string.match(field, '^alarm:(.*)$')
    if code then call('HDEL', ALARMS, code) end
    -- A count of alarms that was lost has restarted at 0.
    if code and left < 0 then call('HDEL', OPEN, field) end
  end
end

-- Says when sweeps must wake for the first of the scheduled purges.
function closeSchedule()
  if not isScheduleChanged then return end
  local first = call('ZRANGE', SCHEDULED, 0, 0, 'WITHSCORES')
  if first[2] then call('SET', WAKE, first[2]) else call('DEL', WAKE) end
  isScheduleChanged = false
end

local function closeRecords()
  closeRests()
  writeRecords()
  -- The records are what counts: audit.lua finds and mends a queue or a count that lags behind them.
  local isCounted, reason = pcall(countMoves)
  writeQueues()
  closeSchedule()
  if not isCounted then error(reason, 0) end
end

closing.records = closeRecords
end
`,
  "lib/caller-rate": `-- Token buckets of a caller: its calls (charged before the script decides) and its storage. Redis stores only the time
-- at which a bucket is full again. That takes two commands, and the key expires automatically:
--
--   tokens = burst - (fullAt - now) * rate        absent: full
--@include setup
local overRate, chargeCaller do

-- Takes tokens (absent: one) from a bucket. If there are too few, returns the milliseconds until there are enough.
function overRate(name, rate, tokens)
  local key, perToken = family.rate .. name, SECOND / rate.perSecond
  local longest = rate.burst * perToken
  -- At most as late as for an empty bucket: the clock may have been set back, or the rate changed.
  local fullAt = math.min(math.max(now, tonumber(call('GET', key) or now)), now + longest)
  local cost = (tokens or 1) * perToken
  local over = fullAt + cost - (now + longest)
  if over > 0 then return tostring(math.ceil(over)) end
  call('SET', key, string.format('%.3f', fullAt + cost), 'PX', math.ceil(fullAt + cost - now))
  return nil
end

-- Returns the refusal; nil if the caller may go on, or if no caller is charged.
function chargeCaller()
  local over = policy.caller and overRate(policy.caller.name, policy.caller)
  return over and { 'rate-limited', over, 'calls' } or nil
end
end
`,
  "lib/damage": `-- Raises an alarm for what an undamaged ledger cannot contain. It names the keys and lasts until a correction.
--@include setup
local nameInAlarm, nameDamage do

local MOST_NAMES = 20

-- Adds names to an alarm of the whole ledger, at most MOST_NAMES. \`list\`: \`keys\` or \`purges\`.
function nameInAlarm(code, list, names)
  local before = call('HGET', ALARMS, code)
  local alarm = before and cjson.decode(before) or { since = now }
  local named, isKnown = alarm[list] or {}, {}
  for _, name in ipairs(named) do isKnown[name] = true end
  for _, name in ipairs(names) do
    if not isKnown[name] and #named < MOST_NAMES then
      named[#named + 1] = name
      isKnown[name] = true
    end
  end
  alarm[list] = #named > 0 and named or nil
  local after = cjson.encode(alarm)
  if after ~= before then call('HSET', ALARMS, code, after) end
end

function nameDamage(names)
  if #names > 0 then nameInAlarm('ledger-damaged', 'keys', names) end
end
end
`,
  "lib/drop-in": `-- Requests of the drop-in endpoint, which serves ImageKit's own purge API. Each asks for one purge.
--
-- A purge has one id there (\`dropInId\`), however many ask for it. \`family.dropIn\` leads from it to the purge: the key
-- is written with the record and lives as long (lib/buffer.lua).
--
-- ImageKit's SDKs send a request again when no usable answer came, and say so, but not which request it was. So
-- \`family.given\` remembers which purge an actor was given for a target, for as long as an SDK may take:
--
--   request ──► purge given ──sent──► answer lost ──► resend ──► the same purge, whatever became of it
--                    └──────────── at most resendWindowMs ───────────┘
--
-- A first request that is refused forgets it: its resend asks for a newer save than the one that was given.
--@include joins
local findGiven, rememberGiven, forgetGiven, nameDropIn do

local RESEND_WINDOW = policy.timings.resendWindowMs

local function givenKey() return family.given .. input.purges[1].target .. ':' .. input.actor end

-- The purge that this resend is given. nil if it is none, or nothing was given lately.
function findGiven()
  local id = input.dropIn and input.dropIn.isResend and call('GET', givenKey())
  local purge = id and load(id)
  if not purge then return nil end
  return (isTerminal(purge.state) or #purge.batches < MOST_BATCHES) and purge or nil
end

-- Whether this request was given a purge.
local wasGiven = false

-- A resend does not prolong the time, or resends could follow each other without end.
function rememberGiven(id, isGivenAgain)
  if not input.dropIn then return end
  wasGiven = true
  if not isGivenAgain then call('SET', givenKey(), id, 'PX', RESEND_WINDOW) end
end

-- The batch is there if this is the instance's own second try.
function forgetGiven()
  if wasGiven or not input.dropIn or input.dropIn.isResend then return end
  if call('EXISTS', family.batch .. input.batchId) == 0 then call('DEL', givenKey()) end
end

-- The purge keeps the first id that it was given. Does not save.
function nameDropIn(purge)
  if input.dropIn then purge.dropInId = purge.dropInId or input.dropIn.id end
end
end
`,
  "lib/edge-fields": `-- Whether an edge check, in a record or a settlement, has the fields that the scripts rely on.
--@include setup
local edgeCheck do

-- What the scripts do with edge checks: one name for the functions of this file and of edge.lua.
edgeCheck = {}

-- \`besideSend\`: the token of the latest send, as long as its \`before\` is not known.
local OPTIONAL = { cause = 'string', checkedAt = 'number', nextAt = 'number', besideSend = 'string' }
local READING = {
  status = 'number', fingerprint = 'string', ageSeconds = 'number', madeAt = 'number', cache = 'string',
  location = 'string', type = 'string', problem = 'string', notAsked = 'boolean',
}

-- Whether none of these fields has a value of another type.
local function fits(value, types)
  for field, expected in pairs(types) do
    if value[field] ~= nil and type(value[field]) ~= expected then return false end
  end
  return true
end

function edgeCheck.isReading(value)
  return type(value) == 'table' and type(value.at) == 'number' and fits(value, READING)
end

function edgeCheck.isSound(edge)
  if type(edge) ~= 'table' then return false end
  local isWhole = type(edge.outcome) == 'string' and type(edge.url) == 'string' and type(edge.tries) == 'number'
  return isWhole and fits(edge, OPTIONAL)
    and (edge.before == nil or edgeCheck.isReading(edge.before))
    and (edge.after == nil or edgeCheck.isReading(edge.after))
end
end
`,
  "lib/edge": `-- The edge check of a purge: whether the CDN serves a newer copy once the purge is completed. \`edge\` in its record:
--
--   waiting ──Completed──► in CHECKS, due 5 s, 60 s and 5 min later ──a reading decides──► fresh, unchanged, …
--                                                                          └─► stale: an alarm, in CHECKS for a day
--
-- A check never changes the purge's state, its units, or what is sent.
--@include record

function edgeCheck.isWaiting(purge) return purge.edge ~= nil and purge.edge.outcome == 'waiting' end

-- Whether readings of the edge are due now or later. Without both times none could decide the check.
function edgeCheck.isDue(purge)
  return purge.state == 'completed' and edgeCheck.isWaiting(purge)
    and type(purge.sentAt) == 'number' and type(purge.completedAt) == 'number'
end

-- Nothing was sent that ImageKit may have.
function edgeCheck.isUnsent(purge)
  return (purge.state == 'queued' or purge.state == 'held') and not purge.spentUnits
end

-- A request asks for a check (absent: it does not) of a purge that is not sent yet. It may also say when the content
-- changed. A time still ahead comes from a clock that runs ahead, and says nothing of the time by ours.
function edgeCheck.ask(purge, check, changedAt)
  if not edgeCheck.isUnsent(purge) then return end
  if check and not purge.edge then
    purge.edge = { outcome = check.outcome, url = check.url, cause = check.cause, tries = 0 }
  end
  if purge.edge and changedAt and changedAt <= now then purge.changedAt = math.max(purge.changedAt or 0, changedAt) end
end

-- The URL to read beside a send of this token. After a send that ImageKit may have, it is too late to see what was
-- served before.
function edgeCheck.readBeside(purge, token)
  if purge.resent or not edgeCheck.isWaiting(purge) or purge.edge.before then return nil end
  purge.edge.besideSend = token
  return purge.edge.url
end

-- Keeps what the edge served beside the send of this token, once, if that send is the one that counts. Returns whether
-- it did.
function edgeCheck.keepBefore(purge, token, before)
  local edge = purge.edge
  if not edgeCheck.isWaiting(purge) or edge.besideSend ~= token then return false end
  if not edgeCheck.isReading(before) then return false end
  edge.before, edge.besideSend = before, nil
  return true
end

-- The send did not arrive: what is served beside the next one counts. A resend is not read beside, because the first
-- send may have arrived.
function edgeCheck.forgetBefore(purge)
  if purge.edge and not purge.resent then purge.edge.before, purge.edge.besideSend = nil, nil end
end

function edgeCheck.enqueue(purge, dueAt)
  purge.edge.nextAt = dueAt
  wake('check')
  movesOf(purge).place = { queue = CHECKS, score = dueAt }
end

-- Ends the alarm about a stale copy. Does not save.
function edgeCheck.endStale(purge, by, text, kind)
  endAlarm(purge)
  leave(purge, CHECKS)
  note(purge, by, text, kind)
end

-- When the alarm about a stale copy ends, if nothing ends it before.
local function staleUntil(purge) return (purge.edge and purge.edge.checkedAt or now) + timings.staleAlarmMs end

-- The old copy is still served: an alarm, unless a newer purge of the target sees to that already. The purge stays in
-- CHECKS until its alarm ends. It gets the pointer for as long: the next purge of the target finds it there and ends
-- the alarm. Requests for now do not find the pointer of a scheduled purge, so it gets another one. Does not save.
function edgeCheck.raiseStale(purge)
  local pointer = family.target .. (purge.unscheduled or purge.target)
  local id = call('GET', pointer)
  local holder = id and id ~= purge.id and load(id)
  if holder and (holder.sentAt or now) > purge.sentAt then return end
  if holder and holder.alarm == 'stale' then
    edgeCheck.endStale(holder, SERVICE, 'A later purge of its URL shows the same, so its alarm ended.')
    save(holder)
  end
  raiseAlarm(purge, 'stale')
  movesOf(purge).place = { queue = CHECKS, score = staleUntil(purge) }
  call('SET', pointer, purge.id, 'PX', timings.staleAlarmMs)
end

-- The purge that ended this one's alarm did not complete: the alarm begins again for the rest of its day.
function edgeCheck.raiseStaleAgain(id)
  local purge = load(id)
  local wasStale = purge and purge.edge and purge.edge.outcome == 'stale'
  if not wasStale or purge.alarm or staleUntil(purge) <= now then return end
  edgeCheck.raiseStale(purge)
  wake('check')
  note(purge, SERVICE, 'The purge that followed did not complete, so the alarm began again.')
  save(purge)
end

-- A key of another type holds no checks, and no unit depends on it. An audit fills a new queue from the records.
function edgeCheck.mendQueue()
  local kind = call('TYPE', CHECKS).ok
  if kind ~= 'zset' and kind ~= 'none' then call('DEL', CHECKS) end
end

-- Whether the purge belongs in CHECKS.
function edgeCheck.isQueued(purge) return edgeCheck.isDue(purge) or purge.alarm == 'stale' end

-- Puts it into CHECKS. It was lost, or an older deployment, which knows no checks, completed the purge.
function edgeCheck.putBack(purge)
  local edge = purge.edge
  if edgeCheck.isDue(purge) then
    edgeCheck.enqueue(purge, edge.nextAt or purge.completedAt + timings.checkAfterMs[1])
  else
    movesOf(purge).place = { queue = CHECKS, score = staleUntil(purge) }
    wake('check')
  end
  save(purge)
end

-- The purge is completed. Does not save.
function edgeCheck.start(purge)
  if edgeCheck.isWaiting(purge) then edgeCheck.enqueue(purge, now + timings.checkAfterMs[1]) end
end
`,
  "lib/failure": `-- Redis does not roll back a script that fails half-way because of a broken key or a bug. Records, books and counts
-- stay in memory until the end. So a script that fails writes them as they were when the last record was saved: they
-- agree, and one broken purge does not keep others from being settled. A reservation is all or nothing instead, until
-- its batch is written.
--@include setup
local closing, kept, keepNothing, keepFromHere, keepStep, closeAll, closeAfterFailure do

-- The functions that write books, records and paces. The file of each sets its own.
closing = {}
local isAllOrNothing = false

function keepNothing() isAllOrNothing = true end

function keepFromHere() isAllOrNothing = false end

local function copyOf(value)
  if type(value) ~= 'table' then return value end
  local copy = {}
  for key, item in pairs(value) do copy[key] = copyOf(item) end
  return copy
end

-- Keeps the counts and figures that belong to the records saved so far.
function keepStep()
  kept = { moved = copyOf(moved), reserved = books and books.reserved, spentBy = books and copyOf(books.spentBy) }
end

-- Writes what this run changed. Books come first: if they cannot be written, nothing else is. After that, a broken key
-- does not keep the others from being written.
function closeAll()
  closing.books()
  local failure
  for _, close in ipairs({ closing.records or false, closing.paces or false }) do
    local isDone, reason = true, nil
    if close then isDone, reason = pcall(close) end
    if not isDone then failure = failure or reason end
  end
  if failure then error(failure, 0) end
end

function closeAfterFailure()
  if isAllOrNothing or not kept or not books or books.closed then return end
  moved, books.reserved, books.spentBy = kept.moved, kept.reserved, kept.spentBy
  pcall(closeAll)
end
end
`,
  "lib/joins": `-- Which purge of the same target a new line may join (G6).
--
--     accepted                    sent
--   ─────┬──────────────────────────┬─────────────────────►
--        │◄─ any request joins it ─►│◄─ joined by requests whose \`changedAt\` is not later than the send
--
-- A clock that runs ahead states a \`changedAt\` after the send that served it. So \`family.changed\` remembers, by the
-- stated instant, which purges such requests were given: a request that states the same instant gets the same purges.
-- An instant without milliseconds never does, because two changes may have it. A scheduled purge takes no part in that:
-- its send is not near the change. Its pointer has the instant in its name, so that only requests for that instant
-- find it.
--
-- An open purge lists the batches that wait for it, since each may cancel its part, and every step reads and writes its
-- whole record. So at most 500 batches share it. The next one makes a purge of its own, for one unit: only a hook in a
-- loop joins that often. A purge that has ended can be joined without limit, because no batch waits for it.
--@include buffer
local MOST_BATCHES, findJoins, rememberChange do

MOST_BATCHES = 500

-- A purge clears the changed content if it is not yet sent, or was sent after the change. A waiting resend counts as
-- sent while its first send may still be answered: then nothing more is sent.
local function mayJoin(purge, sentSince)
  local state = purge.state
  if not isTerminal(state) and #purge.batches >= MOST_BATCHES then return false end
  if (state == 'queued' or state == 'held') and not purge.lostLease then return true end
  if state == 'refused' or state == 'cancelled' or state == 'abandoned' then return false end
  -- It cleared nothing, as the edge shows.
  if purge.edge and purge.edge.outcome == 'stale' then return false end
  return type(purge.sentAt) == 'number' and purge.sentAt >= sentSince
end

local function hasMilliseconds(changedAt) return changedAt and changedAt % SECOND ~= 0 end

-- A whole second stands for any moment of it.
local function latestChange(changedAt)
  if not changedAt then return now end
  return hasMilliseconds(changedAt) and changedAt or changedAt + SECOND - 1
end

-- Finds a purge for each target that has none yet, among \`pointers\` (purge ids by target).
local function join(targets, pointers, sentSince, found)
  local ids = {}
  for i in ipairs(targets) do
    if pointers[i] and not found[i] then ids[#ids + 1] = pointers[i] end
  end
  local purges = loadAll(ids)
  for i in ipairs(targets) do
    local purge = not found[i] and pointers[i] and purges[pointers[i]]
    if purge and mayJoin(purge, sentSince) then found[i] = purge end
  end
end

-- For each target (the name of its pointer), in order: the purge that already serves it, or false. Also returns the id
-- of the newest purge of each target, if one is known.
function findJoins(targets, changedAt, isScheduled)
  local keys, found, isComplete = {}, {}, true
  for i, target in ipairs(targets) do keys[i], found[i] = family.target .. target, false end
  if #keys == 0 then return found, {} end
  local newest = readKeys(keys)
  join(targets, newest, latestChange(changedAt), found)
  for i in ipairs(targets) do isComplete = isComplete and found[i] end
  if not isComplete and hasMilliseconds(changedAt) and not isScheduled then
    join(targets, readFields(family.changed .. changedAt, targets), changedAt - timings.clockLeadMs, found)
  end
  return found, newest
end

-- Remembers which purge each target was given. Only a clock that runs ahead needs it: otherwise the purge is sent after
-- \`changedAt\` anyway.
function rememberChange(targets, ids, changedAt)
  if #ids == 0 or not hasMilliseconds(changedAt) or changedAt <= now then return end
  local given = {}
  for i, target in ipairs(targets) do given[2 * i - 1], given[2 * i] = target, ids[i] end
  call('HSET', family.changed .. changedAt, unpack(given))
  call('PEXPIRE', family.changed .. changedAt, DAY)
end
end
`,
  "lib/known-key": `-- What a request gets whose idempotency key is known: its batch as it is now, or 'key-reused' if the key came with
-- another body. nil if the key is new, or absent.
--@include batch-reply
local replyToKnownKey do

function replyToKnownKey(keyHash, bodyHash)
  local before = keyHash and call('GET', family.idempotency .. keyHash)
  if not before then return nil end
  local stored = cjson.decode(before)
  if stored.bodyHash ~= bodyHash then return { 'key-reused' } end
  return replyWithBatch('replayed', stored.batchId)
end
end
`,
  "lib/lease": `-- Leases: the right to act on a purge until a deadline. The holder proves it with the lease's token.
--
--   queued ──lease──► sending ──answer──► pending | refused | queued | unknown
--                        └──lease runs out──► unknown ──60 s──► queued, with a second unit, once
--
-- A poll's lease is only its score in the queue: two polls of one purge ask twice and change nothing.
--@include units
--@include schedule
--@include pace
--@include edge
local giveUp, unknownDueAt, becomeUnknown, queueResend, lease, leaseOnce do


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

-- How many sends, at most \`wanted\`, may be leased now. A crash of all instances makes every leased send unknown, so
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
        -- An older deployment, which does not know \`sendAt\`, made it due.
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
end
`,
  "lib/operate": `-- What the operator's scripts share. The purge keeps the id of its latest operation. So an operation that is sent twice
-- gets 'done' twice, though its first run has changed the state that it needs.
--@include books
local operated, finish do

function operated(word, purge)
  return { word, cjson.encode(purge), budgetReply() }
end

function finish(purge)
  purge.operation = input.operation
  save(purge)
  closeAll()
  return operated('done', purge)
end
end
`,
  "lib/pace": `-- What all instances together may ask of one ImageKit endpoint now: a token bucket, the pause that a 429 asked for, the
-- breaker that a 401 or 403 opens, and the breaker that consecutive lost answers open. \`openPace\` reads a pace, the
-- functions below change it in memory, and \`closePaces\` writes it.
--@include rests
--@include failure
local openPace, allowance, draw, paceWell, paceThrottled, paceDoubtful, paceBlocked, paceTroubled do

local paces = {}
local paceFields = { 'tokens', 'filledAt', 'notBefore', 'throttledSince', 'blockedBy', 'blockedSince', 'probeAt',
  'troubleSince', 'doubts', 'doubtsSince' }

function openPace(lane)
  if paces[lane] then return paces[lane] end
  local values = call('HMGET', PACE[lane], 'trouble', 'troubleCode', unpack(paceFields))
  local pace = { trouble = values[1] or nil, troubleCode = values[2] or nil }
  for i, field in ipairs(paceFields) do pace[field] = tonumber(values[i + 2]) end
  pace.stored = { trouble = pace.trouble, troubleCode = pace.troubleCode }
  for _, field in ipairs(paceFields) do pace.stored[field] = pace[field] end
  local rate = policy.rates[lane]
  if rate then
    local elapsed = math.max(0, now - (pace.filledAt or 0))
    pace.tokens = math.min(rate.burst, (pace.tokens or rate.burst) + elapsed * rate.perSecond / SECOND)
    pace.filledAt = now
  end
  paces[lane] = pace
  return pace
end

-- Whether a breaker stops all calls but a probe every few minutes.
local function isBreakerOpen(pace) return pace.blockedBy or (pace.doubts or 0) >= policy.doubtsThatOpen end

-- When the next probe may go. Every probe costs Redis commands, so the pauses grow with the outage.
local function probeAfter(since)
  local pauseMs = math.floor((now - (since or now)) / 8)
  return now + math.max(timings.probeIntervalMs, math.min(timings.longestProbeIntervalMs, pauseMs))
end

-- How long ImageKit has answered only 429; 0 if the last 429 is long ago, because everything due has been tried since.
local function throttledFor(pace)
  if not pace.throttledSince or now - (pace.notBefore or 0) >= timings.throttleLullMs then return 0 end
  return now - pace.throttledSince
end

-- How many calls may begin now, at most limit, and when to ask again if these are fewer.
function allowance(lane, limit)
  local pace, rate = openPace(lane), policy.rates[lane]
  if isBreakerOpen(pace) then
    if now < (pace.probeAt or 0) then return 0, pace.probeAt end
    return math.min(limit, 1), now + timings.probeIntervalMs
  end
  if pace.notBefore and now < pace.notBefore then return 0, pace.notBefore end
  if throttledFor(pace) >= timings.throttleTrialMs then limit = math.min(limit, 1) end
  if not rate then return limit, now end
  local free = math.min(limit, math.floor(pace.tokens))
  -- Ask again when a second's tokens are there, not for every single token.
  local worthwhile = math.max(1, math.min(limit - free, math.floor(rate.perSecond)))
  local missing = worthwhile - (pace.tokens - free)
  return free, now + math.max(1, math.ceil(missing * SECOND / rate.perSecond))
end

function draw(lane, calls)
  local pace = openPace(lane)
  if calls > 0 and isBreakerOpen(pace) then pace.probeAt = probeAfter(pace.blockedSince or pace.doubtsSince) end
  if pace.tokens and policy.rates[lane] then pace.tokens = pace.tokens - calls end
  pace.changed = pace.changed or calls > 0
end

-- ImageKit accepted a call, so the breakers close. A pause that a 429 asked for stays: the accepted call may have been
-- sent before that 429.
function paceWell(lane)
  local pace = openPace(lane)
  if not (pace.blockedBy or pace.throttledSince or pace.trouble or pace.doubts) then return end
  pace.throttledSince, pace.blockedBy, pace.blockedSince, pace.probeAt = nil, nil, nil, nil
  pace.trouble, pace.troubleCode, pace.troubleSince, pace.doubts, pace.doubtsSince = nil, nil, nil, nil, nil
  pace.changed = true
  wake(lane)
end

-- 429: all instances wait as long as X-RateLimit-Reset says, at least 1 s and at most 60 s; 10 s without that header.
-- After an hour of 429 the pause grows like a breaker's.
function paceThrottled(lane, resetMs)
  local pace = openPace(lane)
  -- Due purges are tried every minute, so nothing was due during the lull. This 429 begins a new series.
  if pace.notBefore and now - pace.notBefore >= timings.throttleLullMs then pace.throttledSince = nil end
  pace.throttledSince = pace.throttledSince or now
  local untilAt = now + math.min(60 * SECOND, math.max(SECOND, math.ceil(resetMs or 10 * SECOND)))
  if now - pace.throttledSince >= timings.lastingThrottleMs then untilAt = probeAfter(pace.throttledSince) end
  pace.notBefore = math.max(pace.notBefore or 0, untilAt)
  pace.changed = true
end

-- An answer was lost. One may be chance; several in a row are an outage that would use up the quota.
function paceDoubtful(lane)
  local pace = openPace(lane)
  pace.doubts, pace.doubtsSince = (pace.doubts or 0) + 1, pace.doubtsSince or now
  if isBreakerOpen(pace) then pace.probeAt = probeAfter(pace.doubtsSince) end
  pace.changed = true
end

-- 401 or 403: ImageKit rejects the key, so only a probe goes out every few minutes.
function paceBlocked(lane, status)
  local pace = openPace(lane)
  pace.blockedBy, pace.blockedSince = status, pace.blockedSince or now
  pace.probeAt = probeAfter(pace.blockedSince)
  pace.changed = true
end

-- An operator should know: ImageKit cannot be reached, or gives an undocumented answer.
function paceTroubled(lane, code, message)
  local pace = openPace(lane)
  if pace.troubleCode ~= code then pace.troubleSince = now end
  pace.trouble, pace.troubleCode, pace.changed = message, code, true
end

local function closePaces()
  for lane, pace in pairs(paces) do
    if pace.changed then
      local set, gone = {}, {}
      for _, field in ipairs({ 'trouble', 'troubleCode', unpack(paceFields) }) do
        if pace[field] == nil then
          if pace.stored[field] ~= nil then gone[#gone + 1] = field end
        elseif pace[field] ~= pace.stored[field] then
          set[#set + 1] = field
          set[#set + 1] = pace[field]
        end
      end
      if #set > 0 then call('HSET', PACE[lane], unpack(set)) end
      if #gone > 0 then call('HDEL', PACE[lane], unpack(gone)) end
    end
  end
end
closing.paces = closePaces
end
`,
  "lib/profiles": `-- The profiles in a script's reply: their version, and a JSON list of them in no particular order.
--@include setup
local profilesReply do

function profilesReply()
  local fields, version, profiles = call('HGETALL', PROFILES), '0', {}
  for i = 1, #fields, 2 do
    if fields[i] == 'version' then version = fields[i + 1] else profiles[#profiles + 1] = fields[i + 1] end
  end
  return version, '[' .. table.concat(profiles, ',') .. ']'
end
end
`,
  "lib/queues": `-- Compares the queues with the counts and the records, and puts open purges and edge checks back into their queues.
--@include units
--@include edge
--@include schedule
local MOST_RECOUNTED, disagreements, putBack, ENDED_ALARMS, recount do

-- A sweep recounts at most this many open purges. If there are more, only \`npm run repair\` recounts them.
MOST_RECOUNTED = 500

-- The keys that disagree with others: a queue lacks purges, a count lacks what a queue holds, or \`reserved\` differs
-- from the number of queued purges, or nothing wakes the sweep for the first scheduled purge (scheduledAt: when it
-- comes, as last read), or profiles have a history only. Also returns how many purges the queues hold.
function disagreements(scheduledAt)
  local counts, short, isShort = {}, {}, {}
  local flat = call('HGETALL', OPEN)
  for i = 1, #flat, 2 do counts[flat[i]] = tonumber(flat[i + 1]) end
  local function say(key)
    if not isShort[key] then short[#short + 1] = key end
    isShort[key] = true
  end
  local expected = { [SEND] = 0, [SETTLE] = 0, [POLL] = 0, [HELD] = 0 }
  for state, queue in pairs(QUEUE) do
    local count = counts[state] or 0
    if count < 0 then say(OPEN) end
    expected[queue] = expected[queue] + count
  end
  if hasChanges(SCHEDULED) then
    scheduledAt = firstScheduled()
    closeSchedule()
  end
  local scheduled, wakeAt = scheduledAt and call('ZCARD', SCHEDULED) or 0, tonumber(readText(WAKE) or nil)
  if wakeAt and not scheduledAt then
    say(SCHEDULED)
  elseif wakeAt ~= scheduledAt then
    say(WAKE)
  end
  -- All profiles can be deleted, but not their version.
  if call('EXISTS', PROFILES, PROFILE_CHANGES) == 1 and call('EXISTS', PROFILES) == 0 then say(PROFILES) end
  local open = scheduled
  for _, queue in ipairs({ SEND, SETTLE, POLL, HELD }) do
    local held = callQueue('ZCARD', queue)
    open = open + held
    -- The count of queued purges has the scheduled ones too.
    if queue == SEND then held = held + scheduled end
    local isLost = held < expected[queue] and not (queue == SEND and isShort[SCHEDULED])
    if isLost then say(queue) elseif held > expected[queue] then say(OPEN) end
  end
  local isCertain = not isShort[SEND] and not isShort[SCHEDULED] and not isShort[OPEN]
  if isCertain and books.reserved ~= expected[SEND] then say(BUDGET) end
  if open > 0 and call('EXISTS', INDEX) == 0 then say(INDEX) end
  return short, open
end

local function append(lists, key, value)
  lists[key] = lists[key] or {}
  table.insert(lists[key], value)
end

-- Puts each of these purges back into its queue, and the open ones back among those their batches wait for, if either
-- was lost. An edge check that is in no queue is no damage: an older deployment may have completed its purge.
-- Asks once for each queue and each batch: one by one, a hundred open purges would cost 400 commands a check.
function putBack(ids)
  local purges, inQueue, inBatch, batches = loadAll(ids), {}, {}, {}
  for _, id in ipairs(ids) do
    local purge = purges[id]
    if purge and QUEUE[purge.state] then
      append(inQueue, queueOf(purge), id)
      for _, batch in ipairs(purge.batches) do append(inBatch, batch.id, id) end
      batches[purge.batchId] = true
    elseif purge and edgeCheck.isQueued(purge) then
      append(inQueue, CHECKS, id)
    end
  end
  for queue, members in pairs(inQueue) do
    if queue == CHECKS then edgeCheck.mendQueue() end
    for i, score in ipairs(callQueue('ZMSCORE', queue, unpack(members))) do
      local purge = purges[members[i]]
      if not score and queue == CHECKS then
        edgeCheck.putBack(purge)
      elseif not score then
        nameDamage({ queue })
        if queue == HELD then enqueueHeld(purge) else enqueue(purge, purge.nextCheckAt or now) end
        keepPlace(purge)
        wake('send')
      end
    end
  end
  for batchId, members in pairs(inBatch) do
    if call('SADD', family.waiting .. batchId, unpack(members)) > 0 then nameDamage({ family.waiting .. batchId }) end
  end
  for batchId in pairs(batches) do
    if call('EXISTS', family.batch .. batchId) == 0 then nameDamage({ family.batch .. batchId }) end
  end
  return purges
end

-- The alarms that purges cause which have ended: an operator closes these.
ENDED_ALARMS = { 'abandoned', 'stale' }

-- Recounts the open purges from their records. An id without a record leaves its queue; a purge in a wrong queue moves
-- to its own. Purges that ended with an alarm are in no queue that is recounted. \`ended\` says how many records show
-- each of these alarms, in case their count is lost.
function recount(ended)
  local counts, alarms = {}, {}
  for _, code in ipairs(ENDED_ALARMS) do
    local count = tonumber(call('HGET', OPEN, 'alarm:' .. code) or ended and ended[code] or 0)
    if count > 0 then alarms[code] = count end
  end
  for _, queue in ipairs({ SCHEDULED, SEND, SETTLE, POLL, HELD }) do
    local ids = callQueue('ZRANGE', queue, 0, -1)
    for from = 1, #ids, 1000 do
      local some = {}
      for i = from, math.min(from + 999, #ids) do some[#some + 1] = ids[i] end
      local purges = loadAll(some)
      for _, id in ipairs(some) do
        local purge = purges[id]
        if not purge then
          dropFromQueue(queue, id)
        elseif queueOf(purge) ~= queue then
          call('ZREM', queue, id)
          if queue == SCHEDULED then isScheduleChanged = true end
          putBack({ id })
        else
          counts[purge.state] = (counts[purge.state] or 0) + 1
          if purge.alarm then alarms[purge.alarm] = (alarms[purge.alarm] or 0) + 1 end
        end
      end
    end
  end
  call('DEL', OPEN)
  for state, count in pairs(counts) do call('HSET', OPEN, state, count) end
  for code, count in pairs(alarms) do
    call('HSET', OPEN, 'alarm:' .. code, count)
    call('HSETNX', ALARMS, code, cjson.encode({ since = now }))
  end
  return counts
end
end
`,
  "lib/record": `-- A purge's record: its timeline, its alarm, and the one way from state to state.
--
-- Which queue a purge is in follows from its state, and for a queued one from its \`sendAt\`:
--   queued → send · sending, unknown → settle · pending, overdue → poll · held → held · terminal → none
--
--                    now < sendAt                        sendAt, or a request that joins it cannot wait
--   queued ──enqueue──► scheduled ──wakeScheduled, sendSooner──► send
--
-- \`enqueue\` sets its score there to \`dueAt\`. A lease raises the score and leaves the purge in its queue. Scheduled
-- purges may wait for weeks. In \`send\` they would wake its lane every 15 minutes. Outside it the lane rests, and WAKE
-- says when the first of them is due.
--@include buffer
local note, movesOf, leave, isTooEarly, queueOf, enqueue, sendSooner, enqueueHeld, stopWaiting, countState
local raiseAlarm, endAlarm, move do

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

-- Takes effect when the purge is saved. Whatever makes a purge due, it is never due before its \`sendAt\`.
function enqueue(purge, dueAt)
  if purge.state == 'queued' then dueAt = math.max(dueAt, purge.sendAt or 0) end
  purge.nextCheckAt = dueAt
  if not isTooEarly(purge) then wake(LANE[purge.state]) end
  movesOf(purge).place = { queue = queueOf(purge), score = dueAt }
end

-- A request joins a purge that waits for others to share it, and wants it sent at \`sendAt\`. It is never sent later
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
end
`,
  "lib/repeats": `-- Stops loops: a hook that its own purges trigger, a build that never ends. At most \`policy.repeatLimit\` batches of one
-- actor within an hour may make a purge of the same URL, its query and its \`*\` aside. Joined lines make none.
--
-- \`family.repeats\` has a hash for each actor and day: name of the URL → the times (ms) of the latest batches that made
-- a purge of it. In the first hour of a day yesterday's hash counts too. A refused batch is not counted.
--@include setup
local readRepeats, repeatedSince, countRepeats do

-- The presence of this field shows that the hash has its TTL.
local KEPT = 'kept'

local function hashOf(actor, day) return family.repeats .. string.format('%.0f', day) .. ':' .. actor end

local function timesIn(text)
  local times = {}
  for at in string.gmatch(text or '', '%d+') do
    if tonumber(at) > now - HOUR then times[#times + 1] = tonumber(at) end
  end
  return times
end

-- What is known of an actor's repetitions of these URLs (names): for each name the times within the last hour, oldest
-- first.
function readRepeats(actor, names)
  local day = math.floor(now / DAY)
  local repeats = { hash = hashOf(actor, day), today = {}, times = {} }
  if not policy.repeatLimit or #names == 0 then return repeats end
  local fields = { KEPT }
  for i, name in ipairs(names) do fields[i + 1] = name end
  local values = readFields(repeats.hash, fields)
  repeats.isKept = values[1]
  local before = now % DAY < HOUR and readFields(hashOf(actor, day - 1), names) or {}
  for i, name in ipairs(names) do
    repeats.today[name] = timesIn(values[i + 1])
    repeats.times[name] = timesIn((before[i] or '') .. ' ' .. (values[i + 1] or ''))
  end
  return repeats
end

-- Since when the actor repeats this URL, if it may not do so again now; else nil.
function repeatedSince(repeats, name)
  local times = repeats.times[name]
  return times and #times >= (policy.repeatLimit or math.huge) and times[1] or nil
end

-- Counts a batch that makes a purge of each of these URLs.
function countRepeats(repeats, names)
  if not policy.repeatLimit or #names == 0 then return end
  local fields = repeats.isKept and {} or { KEPT, '1' }
  for _, name in ipairs(names) do
    local times = repeats.today[name]
    times[#times + 1] = now
    fields[#fields + 1] = name
    fields[#fields + 1] = table.concat(times, ' ')
  end
  call('HSET', repeats.hash, unpack(fields))
  if not repeats.isKept then call('PEXPIRE', repeats.hash, math.floor(DAY - now % DAY + HOUR)) end
end
end
`,
  "lib/rests": `-- A lane of the sweep rests while nothing can be done in it. Purges may wait for days: held until the month turns,
-- unknown until an operator decides, or behind a breaker. Without rests they would cost a whole run every minute: a
-- million commands a month, twice what Upstash gives free.
--
--   nothing to lease ──► rest:<lane> says until when ──► sweeps read it and skip the lane
--   a purge enters one of the lane's queues, or its pace is free again ──► the rest ends
--
-- A lane in which purges wait rests at most 15 minutes, because settings may change: a raised quota takes effect by
-- then. An empty lane rests for six hours.
--@include setup
local wake, restUntil, rest, closeRests do

local woken = {}

function wake(lane) woken[lane] = true end

-- No rest if it would end before the next sweep.
function restUntil(lane, untilAt)
  if untilAt - now <= MINUTE then return end
  woken[lane] = nil
  call('SET', family.rest .. lane, string.format('%.0f', untilAt), 'PX', untilAt - now)
end

-- Nothing can be done in this lane before wakeAt (absent: it is empty).
function rest(lane, wakeAt)
  local longest = now + timings.longestRestMs
  restUntil(lane, wakeAt and math.floor(math.min(wakeAt, longest, books.endsAt)) or now + timings.emptyRestMs)
end

function closeRests()
  local keys = {}
  for lane in pairs(woken) do keys[#keys + 1] = family.rest .. lane end
  if #keys > 0 then call('DEL', unpack(keys)) end
end
end
`,
  "lib/run": `-- Runs a script's decision: charges the caller's rate before it, and appends four strings to its reply:
--   the entries written into timelines (JSON, or '');
--   when this ledger was created (ms), or '' if the instance must not learn it: it knew a time before, and this script
--   has not written its books;
--   the witness to remember (JSON, or '');
--   '1' if the ledger is in an earlier state than the instance has seen, else ''.
-- \`conclude\`, if there is one, runs last, also if the caller is over its rate or the decision failed.
--@include caller-rate
--@include witness
--@include failure
local run do

function run(decide, conclude)
  -- Work in progress is written even when memory is full: Redis checks memory only before a script's first write, and a
  -- DEL needs none.
  if policy.despiteFull then call('DEL', family.lease .. 'none') end
  local refusal = chargeCaller()
  local isDone, reply = true, refusal
  if not refusal then isDone, reply = pcall(decide) end
  if not isDone then closeAfterFailure() end
  if conclude then pcall(conclude) end
  if not isDone then error(reply, 0) end
  local known = books and (books.closed or not policy.knownSince) and books.createdAt
  reply[#reply + 1] = #steps > 0 and cjson.encode(steps) or ''
  reply[#reply + 1] = known and tostring(known) or ''
  reply[#reply + 1] = witnessReply()
  reply[#reply + 1] = books and books.wentBack and '1' or ''
  return reply
end
end
`,
  "lib/schedule": `-- The due purges of a queue, and those whose scheduled time has come.
--@include record
local firstDue, dueAmong, firstScheduled, wakeScheduled, wakeAllScheduled do

-- The due purges of a queue, at most limit, and when the next one is due. One read gives both.
function firstDue(queue, limit)
  local first, ids = callQueue('ZRANGE', queue, 0, limit, 'WITHSCORES'), {}
  for i = 1, #first, 2 do
    local dueAt = tonumber(first[i + 1])
    if dueAt > now or #ids == limit then return ids, dueAt end
    ids[#ids + 1] = first[i]
  end
  return ids, nil
end

-- Those of \`ids\` (absent: of all) that are due in a queue, at most limit, and when the next one is due.
function dueAmong(queue, limit, ids)
  if not ids then return firstDue(queue, limit) end
  local due, laterAt = {}, nil
  for i, score in ipairs(#ids > 0 and callQueue('ZMSCORE', queue, unpack(ids)) or {}) do
    local dueAt = score and tonumber(score)
    if dueAt and dueAt <= now and #due < limit then
      due[#due + 1] = ids[i]
    elseif dueAt then
      laterAt = math.min(laterAt or dueAt, dueAt)
    end
  end
  return due, laterAt
end

function firstScheduled() return (select(2, firstDue(SCHEDULED, 0))) end

-- Moves scheduled purges whose time has come into the send queue, at most 100 at a time. Returns when the next one is
-- due. A purge that is no longer queued was moved by an older deployment, which does not know this set.
function wakeScheduled()
  local ids, nextAt = firstDue(SCHEDULED, 100)
  local purges = loadAll(ids)
  for _, id in ipairs(ids) do
    local purge = purges[id]
    if not purge then
      dropFromQueue(SCHEDULED, id)
    elseif purge.state == 'queued' then
      leave(purge, SCHEDULED)
      enqueue(purge, purge.nextCheckAt)
      keepPlace(purge)
    else
      call('ZREM', SCHEDULED, id)
      isScheduleChanged = true
    end
  end
  return nextAt
end

-- Moves all of them, and returns when the first purge that is still ahead is due.
function wakeAllScheduled()
  local nextAt
  repeat nextAt = wakeScheduled() until not nextAt or nextAt > now
  if hasChanges(SCHEDULED) then writeQueues() end
  closeSchedule()
  return nextAt
end
end
`,
  "lib/settle-check": `-- Settles readings of the edge that were made after Completed. Other code decides what they show (edge/); here it is
-- kept, or the next reading is planned.
--@include edge
--@include settle-once
local checkReadings, closeUnchanged, settleCheck do

local DECIDED = {
  fresh = 'Edge check: the CDN serves a new image.',
  unchanged = 'Edge check: the CDN has a new copy, but of the same image as before.',
  renewed = 'Edge check: the CDN serves a copy made after the purge.',
  stale = 'Edge check: the CDN still serves the old copy.',
  gone = 'Edge check: the image no longer exists.',
  unreadable = 'Edge check: what the CDN serves could not be checked.',
}

-- What else a settlement may say. \`before\`: what the edge served beside the send of its token, settled before.
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

-- The checks in a row that ended \`unchanged\`, in this run, and whether one before them ended \`fresh\`.
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
end
`,
  "lib/settle-once": `-- A settlement that arrives twice changes nothing the second time: \`settled\` keeps the tokens of the last four.
--@include setup
local settleOnce do

-- Whether this settlement is new. Remembers its token.
function settleOnce(purge, token)
  local settled = purge.settled or {}
  for _, known in ipairs(settled) do
    if known == token then return false end
  end
  settled[#settled + 1] = token
  if #settled > 4 then table.remove(settled, 1) end
  purge.settled = settled
  return true
end
end
`,
  "lib/settle-poll": `-- Settles the answers to status polls, and checks all settlements before the first one is written.
--@include settle
local checkSettlements, settlePoll do

-- What each outcome of a status poll means for the pace of polls. \`settlePoll\` handles the purge.
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

-- Refuses unknown outcomes before the first settlement is written, because Redis does not roll a script back.
function checkSettlements(settlements)
  for _, settlement in ipairs(settlements) do
    local result = settlement.result
    local outcomes = settlement.lane == 'send' and sent or polled
    if not outcomes[result.outcome] then error('BADINPUT no such outcome: ' .. tostring(result.outcome)) end
    if type(result.message) ~= 'string' then result.message = '' end
    if type(result.resetMs) ~= 'number' then result.resetMs = nil end
  end
end

function settlePoll(purge, settlement)
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
    edgeCheck.start(purge)
  elseif (answered or outcome == 'failed') and age >= timings.abandonAfterMs then
    giveUp(purge, 'ImageKit did not say Completed within 24 hours; its status is no longer checked.')
  else
    if age >= timings.overdueAfterMs and purge.state == 'pending' then
      purge.error = { code = 'overdue', message = 'ImageKit did not say Completed within 15 minutes.' }
      move(purge, 'overdue', SERVICE, 'Not Completed after 15 minutes: time to ask ImageKit\\'s support.')
    end
    enqueue(purge, nextPollAt(purge))
  end
  save(purge)
end
end
`,
  "lib/settle": `-- Writes the outcome of a send into the record.
--@include lease
--@include settle-once
local describe, nextPollAt, sent, settleWithoutRecord, settleSend do


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
end
`,
  "lib/setup": `-- The beginning of every script: names for its keys, its two arguments, and the time.
--
-- ARGV[1] (JSON): the policy, timings (ms), families of keys, periods around now (ms), what the instance has seen, and
-- the caller to charge, if any. \`now\` (ms) only if a test sets the clock. See \`policyArgument\` in connection.ts.
-- ARGV[2] (JSON): the script's own input; see its header.

local call = redis.call
local LEDGER, BUDGET, SEND, SETTLE, POLL, HELD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local INDEX, OPEN, ALARMS, HEARTBEAT = KEYS[7], KEYS[8], KEYS[11], KEYS[12]
local PROFILES, PROFILE_CHANGES, SCHEDULED, WAKE, REPEATING = KEYS[13], KEYS[14], KEYS[15], KEYS[16], KEYS[17]
local CHECKS, UNCHANGED = KEYS[18], KEYS[19]
local PACE = { send = KEYS[9], poll = KEYS[10] }

local policy = cjson.decode(ARGV[1])
local input = cjson.decode(ARGV[2])
local family, timings = policy.families, policy.timings

local now = policy.now
if not now then
  local time = call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local SECOND, MINUTE, HOUR, DAY = 1000, 60000, 3600000, 86400000
local retentionMs = policy.retentionDays * DAY
local SERVICE = 'purge-desk'

-- \`unpack\` takes at most about 8,000 values. So a long list of keys or fields goes through a command in parts.
local function inParts(list, read)
  local values, part = {}, 4000
  for from = 1, #list, part do
    for _, value in ipairs(read(unpack(list, from, math.min(from + part - 1, #list)))) do
      values[#values + 1] = value
    end
  end
  return values
end

local function readKeys(keys)
  return inParts(keys, function(...) return call('MGET', ...) end)
end

-- A text that nothing depends on, or false. GET fails for a key of another type, and MGET passes over it.
local function readText(key)
  return call('MGET', key)[1]
end

local function readFields(key, fields)
  return inParts(fields, function(...) return call('HMGET', key, ...) end)
end

-- The month's books, once openBooks has read them.
local books

-- Changes to the numbers of open purges, by state and by alarm.
local moved = {}

-- The entries that this run wrote into timelines, for the log.
local steps = {}

-- Whether this run changed what a rollback must not undo unnoticed (lib/witness.lua).
local written = false
`,
  "lib/sound": `-- Whether a purge's record has the fields that the scripts rely on. Redis does not roll back a script that fails
-- half-way, so a record broken by a manual change or a partial restore is found when it is read, before a script uses
-- it.
--@include edge-fields
local decodePurge do

local TYPES = {
  id = 'string', batchId = 'string', url = 'string', kind = 'string', target = 'string', actor = 'string',
  state = 'string', units = 'number', attempts = 'number', checks = 'number', createdAt = 'number',
  lines = 'table', batches = 'table', timeline = 'table',
}
local OPTIONAL_TYPES = { sendAt = 'number', changedAt = 'number', dropInId = 'string', endedAlarmOf = 'string' }
-- The fields that a state needs besides those.
local TYPES_IN = {
  queued = { nextCheckAt = 'number' },
  sending = { nextCheckAt = 'number', sentAt = 'number', lease = 'string', spentUnits = 'table' },
  unknown = { nextCheckAt = 'number', sentAt = 'number', spentUnits = 'table' },
  pending = { nextCheckAt = 'number', sentAt = 'number', acceptedAt = 'number', imagekitRequestId = 'string' },
}
TYPES_IN.overdue = TYPES_IN.pending

local function hasTypes(value, types)
  for field, expected in pairs(types or {}) do
    if type(value[field]) ~= expected then return false end
  end
  return true
end

local function allHave(list, types)
  for _, item in ipairs(list or {}) do
    if type(item) ~= 'table' or not hasTypes(item, types) then return false end
  end
  return true
end

local function isSound(purge)
  if not hasTypes(purge, TYPES) then return false end
  for _, value in pairs(purge) do
    if value == cjson.null then return false end
  end
  for field, expected in pairs(OPTIONAL_TYPES) do
    if purge[field] ~= nil and type(purge[field]) ~= expected then return false end
  end
  local spent = purge.spentUnits
  return policy.transitions[purge.state] ~= nil and hasTypes(purge, TYPES_IN[purge.state])
    and not (spent and #spent == 0) and allHave(spent, { month = 'number', day = 'number' })
    and allHave(purge.batches, { id = 'string', actor = 'string' })
    and allHave(purge.timeline, { at = 'number', state = 'string', by = 'string', note = 'string' })
end

-- The purge in a record; nil if the record is broken. Of a broken edge check only the check is lost.
function decodePurge(raw)
  local isJson, purge = pcall(cjson.decode, raw)
  if not isJson or type(purge) ~= 'table' then return nil end
  if not edgeCheck.isSound(purge.edge) then purge.edge, purge.changedAt = nil, nil end
  return isSound(purge) and purge or nil
end
end
`,
  "lib/trim": `-- Removes purges from the index after their records have expired.
--@include buffer
local trimIndex do

-- Looks at 100 of the old members, another 100 every minute. An old purge that is still open, or ended late, keeps its
-- place in the index, so a look at the oldest 100 alone might never get past such purges.
function trimIndex()
  local old = call('ZCOUNT', INDEX, '-inf', now - retentionMs)
  if old == 0 then return end
  local rank = math.floor(now / MINUTE) % math.ceil(old / 100) * 100
  local ids = call('ZRANGE', INDEX, rank, rank + 99)
  local purges, gone = loadAll(ids), {}
  for _, id in ipairs(ids) do
    if not purges[id] then gone[#gone + 1] = id end
  end
  if #gone > 0 then call('ZREM', INDEX, unpack(gone)) end
end
end
`,
  "lib/units": `-- Where a purge's units are. Each unit is in exactly one place:
--
--   reserved ──spendReserved (a send lease)──► spent, in the lease's month ──► stays, once ImageKit has or may have it
--      ▲                                          │
--      └─────────takeBack (it never arrived)──────┘   releaseReserved, releaseSpent: the unit is free again
--
-- A purge has one unit, or two once it is resent; \`spentUnits\` lists the months of those spent.
--@include books
local setAside, releaseReserved, spendReserved, spendUnrecorded, takeBack, releaseSpent, unhold, balance do

function setAside(purge)
  books.reserved = books.reserved + 1
  purge.units = purge.units + 1
end

function releaseReserved(purge)
  books.reserved = books.reserved - 1
  purge.units = purge.units - 1
end

function spendReserved(purge)
  local day = math.floor(now / DAY)
  books.reserved = books.reserved - 1
  spend(1, books.startsAt, day, purge.actor)
  purge.spentUnits = purge.spentUnits or {}
  purge.spentUnits[#purge.spentUnits + 1] = { month = books.startsAt, day = day }
end

-- A send that the ledger has forgotten did go out. A witness has charged its unit already, or it is charged now.
function spendUnrecorded(purge)
  if books.unrecorded == 0 then return spendReserved(purge) end
  books.unrecorded, books.reserved = books.unrecorded - 1, books.reserved - 1
  purge.spentUnits = purge.spentUnits or {}
  purge.spentUnits[#purge.spentUnits + 1] = { month = books.startsAt, day = math.floor(now / DAY) }
end

-- Takes the unit that was spent last out of the month in which it was spent.
local function unspend(purge)
  local unit = table.remove(purge.spentUnits)
  if #purge.spentUnits == 0 then purge.spentUnits = nil end
  spend(-1, unit.month, unit.day, purge.actor)
end

function takeBack(purge)
  unspend(purge)
  books.reserved = books.reserved + 1
end

function releaseSpent(purge)
  unspend(purge)
  purge.units = purge.units - 1
end

-- A purge that has not been sent waits for budget again. A resend stays queued, because its first unit is spent.
local function hold(purge)
  releaseReserved(purge)
  move(purge, 'held', SERVICE, 'The budget is no longer enough for it. It waits until a unit is free.')
  enqueueHeld(purge)
  save(purge)
end

function unhold(purge)
  setAside(purge)
  move(purge, 'queued', SERVICE, 'A unit is free for it now.')
  enqueue(purge, now)
  save(purge)
end

-- Holds queued purges that exceed the budget, latest due first, or queues held purges again, oldest first, as far as
-- the budget allows. Either way about 200 in one script; the next script continues.
function balance()
  if books.isInDoubt then return end
  local free = available()
  if free > 0 then
    if countHeld() == 0 then return end
    local ids = callQueue('ZRANGE', HELD, 0, math.min(free, 200) - 1)
    local purges = loadAll(ids)
    for _, id in ipairs(ids) do
      if purges[id] then unhold(purges[id]) else dropFromQueue(HELD, id) end
    end
    return
  end
  local seen = 0
  for _, queue in ipairs({ SCHEDULED, SEND }) do
    local rank = 0
    while available() < 0 and seen < 200 do
      local ids = callQueue('ZREVRANGE', queue, rank, rank + 49)
      if #ids == 0 then break end
      local purges = loadAll(ids)
      for _, id in ipairs(ids) do
        local purge = purges[id]
        local mayHold = purge and purge.state == 'queued' and not purge.spentUnits
        seen = seen + 1
        if mayHold and available() < 0 then hold(purge) else rank = rank + 1 end
      end
    end
  end
end
end
`,
  "lib/witness": `-- A rollback (a failover to an older replica, a restored backup) leaves no trace in the ledger. So every run that
-- writes increments a sequence, and each instance remembers the latest one that it saw, with the month's figures:
--
--   BUDGET  sequence "100:<ms>"    mark:36 "100:<ms>"  (100 % 64)        the instance's witness: 100:<ms>, spent 40
--   after a rollback, and more writes by an instance that did not notice it:
--   BUDGET  sequence "91:<ms>"     mark:36 "36:<ms>"                     100 > 91, or another mark: it went back
--
-- The marks show a rollback even after others have written past the witness, up to 64 runs later. An older deployment
-- that runs beside this one does not increment the sequence; that hides no rollback.
--@include damage
local markOf, wentBack, chargeWitnessed, pauseSends, nextSequence, witnessReply do

local MARKS = 64

function markOf(sequence) return 'mark:' .. (sequence % MARKS) end

local function stampOf(sequence, at) return string.format('%.0f:%.0f', sequence, at) end

-- Whether the instance has seen a later state of this ledger. A correction accounts for everything before it.
function wentBack(sequence, mark, accountedFor)
  local witness = policy.witness
  if not witness or (accountedFor and witness.at <= accountedFor) then return false end
  if witness.sequence > sequence then return true end
  return sequence - witness.sequence < MARKS and mark ~= stampOf(witness.sequence, witness.at)
end

-- Charges at once what the instance knows was spent, so that the figures are too high rather than too low. \`unrecorded\`
-- counts the units among these that no record shows (lib/settle.lua).
function chargeWitnessed(spend)
  local witness = policy.witness
  if not witness or witness.startsAt ~= books.startsAt then return end
  local missing = witness.spent - books.spent
  if missing > 0 then
    spend(missing, books.startsAt, math.floor(now / DAY), SERVICE)
    if books.wentBack then books.unrecorded = books.unrecorded + missing end
  end
  if witness.external and witness.external > (books.external or 0) then
    books.external, books.externalWitnessed = witness.external, true
  end
end

-- Other instances may hold answers to sends that the ledger has forgotten. Sends pause to give these time to arrive.
function pauseSends()
  local notBefore = tonumber(call('HGET', PACE.send, 'notBefore') or 0)
  call('HSET', PACE.send, 'notBefore', math.max(notBefore, now + timings.sendLeaseMs))
end

-- The fields and values that go into BUDGET when a run has written something.
function nextSequence()
  local witness = policy.witness
  local sequence = math.max(books.sequence, witness and witness.sequence or 0) + 1
  books.sequence, books.sequenceAt = sequence, now
  local stamp = stampOf(sequence, now)
  local fields = { 'sequence', stamp, markOf(sequence), stamp }
  -- A rerun after a lost reply brings the same witness, and must not find the same rollback twice.
  if books.wentBack and markOf(witness.sequence) ~= markOf(sequence) then
    fields[#fields + 1] = markOf(witness.sequence)
    fields[#fields + 1] = stampOf(witness.sequence, witness.at)
  end
  return fields
end

-- What the instance must remember of this run, as JSON; '' if it must keep what it remembers.
function witnessReply()
  if not books or books.sequence == 0 or books.isInDoubt or (books.wentBack and not books.closed) then return '' end
  return cjson.encode({
    sequence = books.sequence, at = books.sequenceAt, startsAt = books.startsAt, spent = books.spent,
    external = books.external,
  })
end
end
`,
  "list-purges": `-- One page of purges, newest first. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  state?, open? (only purges that have not ended), scheduled? (only those whose \`sendAt\` is still ahead),
--          text? (as typed), urlText? (the same as in a URL), actor?, batchId?, edge? (an outcome, 'waiting'
--          or 'unproven'), from? (ms, inclusive), to? (ms, exclusive), limit, scanLimit (purges),
--          cursor?: { createdAt, id }
-- Replies  'page', the cursor of the next page (JSON) or '', then the records (JSON)
--@include setup
--@include sound
--@include run

return run(function()
  local CHUNK = 250

  -- Text that a matching record's JSON must contain. Searching for it is far cheaper than decoding each record.
  local needles = {}
  if input.state then needles[#needles + 1] = '"state":' .. cjson.encode(input.state) end
  if input.edge then needles[#needles + 1] = '"edge":' end
  if input.edge and input.edge ~= 'unproven' then needles[#needles + 1] = '"outcome":' .. cjson.encode(input.edge) end
  if input.scheduled then needles[#needles + 1] = '"sendAt":' end
  if input.actor then needles[#needles + 1] = '"actor":' .. cjson.encode(input.actor) end
  local function inJson(text) return text and string.lower(string.sub(cjson.encode(text), 2, -2)) end
  local text, urlText = inJson(input.text), inJson(input.urlText)
  local typed, typedUrl = input.text and string.lower(input.text), input.urlText and string.lower(input.urlText)

  -- The JSON of a field's string, up to its first quote; nil if there is no such field.
  local function fieldOf(raw, name)
    local _, before = string.find(raw, '"' .. name .. '":"', 1, true)
    return before and string.sub(raw, before + 1, string.find(raw, '"', before + 1, true) - 1)
  end

  local function mayContain(raw, name)
    local field = fieldOf(raw, name)
    if not field then return false end
    field = string.lower(field)
    local isCut = string.sub(field, -1) == '\\\\'
    return isCut or string.find(field, text, 1, true) or string.find(field, urlText, 1, true)
  end

  local function mayMatch(raw, id)
    for _, needle in ipairs(needles) do
      if not string.find(raw, needle, 1, true) then return false end
    end
    -- Only what has ended has this field.
    if input.open and string.find(raw, '"endedAt":', 1, true) then return false end
    if not text then return true end
    if string.find(id, text, 1, true) or string.find(raw, '"' .. text .. '"', 1, true) then return true end
    for _, name in ipairs({ 'maskedUrl', 'url', 'reason', 'batchId', 'imagekitRequestId' }) do
      if mayContain(raw, name) then return true end
    end
    return false
  end

  -- The batch lists its purges. A purge that had ended before the batch joined it does not list the batch.
  local ofBatch = {}
  if input.batchId then
    local ids = call('HGET', family.batch .. input.batchId, 'purges')
    for _, id in ipairs(ids and cjson.decode(ids) or {}) do ofBatch[id] = true end
  end

  local function contains(field, sought) return field and string.find(string.lower(field), sought, 1, true) end

  -- Whether a field that readers see has the text. A batch that joined the purge is found by its whole id.
  local function hasText(purge)
    local url = purge.maskedUrl or purge.url
    if contains(url, typed) or contains(url, typedUrl) then return true end
    for _, name in ipairs({ 'reason', 'id', 'batchId', 'imagekitRequestId', 'dropInId' }) do
      if contains(purge[name], typed) then return true end
    end
    for _, batch in ipairs(purge.batches) do
      if batch.id == typed then return true end
    end
    return false
  end

  -- An older deployment leaves the check on a purge that ended without Completed.
  local function hasOutcome(purge)
    local isCompleted, outcome = purge.state == 'completed', type(purge.edge) == 'table' and purge.edge.outcome
    if input.edge == 'unproven' then
      return isCompleted and outcome and outcome ~= 'waiting' and outcome ~= 'fresh' and outcome ~= 'gone'
    end
    return outcome == input.edge and (isCompleted or not purge.endedAt)
  end

  local function matches(purge)
    if input.open and purge.endedAt then return false end
    local isScheduled = (purge.state == 'queued' or purge.state == 'held') and (purge.sendAt or 0) > now
    if input.scheduled and not isScheduled then return false end
    if input.state and purge.state ~= input.state then return false end
    if input.actor and purge.actor ~= input.actor then return false end
    if input.edge and not hasOutcome(purge) then return false end
    if input.from and purge.createdAt < input.from then return false end
    if input.to and purge.createdAt >= input.to then return false end
    if typed and not hasText(purge) then return false end
    return true
  end

  local rank, gone = 0, false
  if input.to then rank = call('ZCOUNT', INDEX, input.to, '+inf') end
  if input.cursor then
    local after = call('ZREVRANK', INDEX, input.cursor.id)
    -- The purge may have left the index. Then go on at its time, after those of the same time that came before it.
    gone = not after
    local from = after and after + 1 or call('ZCOUNT', INDEX, '(' .. input.cursor.createdAt, '+inf')
    rank = math.max(rank, from)
  end
  local last = rank + input.scanLimit
  local floor = input.from and call('ZCOUNT', INDEX, input.from, '+inf')
  if floor then last = math.min(last, floor) end

  local records, cursor, scanned = {}, nil, nil
  while rank < last and not cursor do
    local members = call('ZREVRANGE', INDEX, rank, math.min(rank + CHUNK, last) - 1, 'WITHSCORES')
    if #members == 0 then rank = last; scanned = nil; break end
    local keys = {}
    for i = 1, #members, 2 do keys[#keys + 1] = family.purge .. members[i] end
    for i, raw in ipairs(call('MGET', unpack(keys))) do
      scanned = { id = members[2 * i - 1], createdAt = tonumber(members[2 * i]) }
      rank = rank + 1
      local shown = gone and scanned.createdAt == input.cursor.createdAt and scanned.id > input.cursor.id
      local isWanted = not input.batchId or ofBatch[scanned.id]
      local purge = raw and isWanted and not shown and mayMatch(raw, scanned.id) and decodePurge(raw)
      if purge and matches(purge) then
        records[#records + 1] = raw
        if #records == input.limit then cursor = scanned; break end
      end
    end
  end
  cursor = cursor or scanned
  -- Nothing follows the cursor: this is the last page.
  if cursor and rank >= (floor or call('ZCARD', INDEX)) then cursor = nil end

  local reply = { 'page', cursor and cjson.encode(cursor) or '' }
  for i, raw in ipairs(records) do reply[i + 2] = raw end
  return reply
end)
`,
  "plan": `-- The budget, the purges that these targets would join, and those that the actor repeats too often. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  targets (names of pointers, 64 characters each, one after the other), repeats (the names under which their
--          repetitions count, 16 characters each), actor, changedAt? (ms), isScheduled?
-- Replies  'plan', budget (JSON), what would be joined (JSON: pairs of a target's place from 1 and a purge's id), what
--          repeats too often (JSON: pairs of a target's place from 1 and since when, in ms)
--@include books
--@include joins
--@include repeats
--@include run

local function split(text, length)
  local parts = {}
  for from = 1, #text, length do parts[#parts + 1] = string.sub(text, from, from + length - 1) end
  return parts
end

return run(function()
  openBooks()
  local targets, names = split(input.targets, 64), split(input.repeats, 16)
  local found, repeats = findJoins(targets, input.changedAt, input.isScheduled), readRepeats(input.actor, names)
  local joins, repeating = {}, {}
  for i in ipairs(targets) do
    local since = not found[i] and repeatedSince(repeats, names[i])
    if found[i] then
      joins[#joins + 1] = { i, found[i].id }
    elseif since then
      repeating[#repeating + 1] = { i, since }
    end
  end
  return { 'plan', budgetReply(), cjson.encode(joins), cjson.encode(repeating) }
end)
`,
  "prepare": `-- What a request with images must know before it is planned: the profiles in force. A request whose idempotency key is
-- known gets its batch instead, whatever the profiles say now. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  keyHash?, bodyHash?
-- Replies  'new', version, profiles (JSON) · 'replayed', '', batch… (lib/batch-reply.lua) · 'key-reused'
--@include known-key
--@include profiles
--@include run

return run(function()
  openBooks()
  local known = replyToKnownKey(input.keyHash, input.bodyHash)
  return known or { 'new', profilesReply() }
end)
`,
  "read-batch": `-- A batch with its purges and the budget. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  batchId
-- Replies  'batch', '', batch… (lib/batch-reply.lua) · 'absent'
--@include batch-reply
--@include run

return run(function()
  openBooks()
  return replyWithBatch('batch', input.batchId) or { 'absent' }
end)
`,
  "read-budget": `-- The budget alone. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  {}
-- Replies  'budget', the budget (JSON)
--@include books
--@include run

return run(function()
  openBooks()
  return { 'budget', budgetReply() }
end)
`,
  "read-eviction": `-- What Redis does with keys when its memory is full. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  {}
-- Replies  'eviction', the maxmemory-policy or '' if Redis does not say
--@include run

return run(function()
  local info = redis.pcall('INFO', 'memory')
  return { 'eviction', type(info) == 'string' and string.match(info, 'maxmemory_policy:([%w-]+)') or '' }
end)
`,
  "read-month": `-- Where the units of the month in force went. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  {}
-- Replies  'month', budget (JSON), the month's hash as a flat JSON list of field and value, then its corrections
--          (JSON), newest first
--@include books
--@include run

return run(function()
  openBooks()
  local fields = call('HGETALL', family.month .. books.startsAt)
  local reply = { 'month', budgetReply(), #fields > 0 and cjson.encode(fields) or '[]' }
  for _, correction in ipairs(call('LRANGE', family.corrections .. books.startsAt, 0, 99)) do
    reply[#reply + 1] = correction
  end
  return reply
end)
`,
  "read-profiles": `-- The profiles in force, and their history. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  historyBytes (the most that the history may take in the reply)
-- Replies  'profiles', version, profiles (JSON), then their changes (JSON), newest first
--@include profiles
--@include run

return run(function()
  local reply = { 'profiles', profilesReply() }
  local left = input.historyBytes
  for _, change in ipairs(call('LRANGE', PROFILE_CHANGES, 0, -1)) do
    left = left - #change
    if left < 0 then break end
    reply[#reply + 1] = change
  end
  return reply
end)
`,
  "read-purge": `-- One purge. Writes nothing. It is a script, not a plain GET, so that every route that takes a token charges the
-- caller's rate. A leaked token may be used from many addresses, and the platform's limit counts each address
-- separately.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  id, or dropInId (the one that the drop-in endpoint gave)
-- Replies  'purge', its record (JSON) · 'absent'
--@include setup
--@include run

return run(function()
  local id = input.id or call('GET', family.dropIn .. input.dropInId)
  local record = id and call('GET', family.purge .. id)
  if not record then return { 'absent' } end
  return { 'purge', record }
end)
`,
  "resend": `-- Queues an unknown purge to be sent once more, for a second unit.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  id, actor, operation (the id of this call)
-- Replies  'done' | 'forbidden-state' | 'exhausted', purge, budget (both JSON) · 'not-found'
--          · 'in-doubt', the alarm (JSON)
-- Again    changes nothing and replies 'done': the purge knows the operation
--@include lease
--@include operate
--@include run

return run(function()
  openBooks()
  local purge = load(input.id)
  if not purge then return { 'not-found' } end
  if purge.operation == input.operation then return operated('done', purge) end
  if purge.state ~= 'unknown' then return operated('forbidden-state', purge) end
  if books.isInDoubt then return refuseInDoubt() end
  if not queueResend(purge, input.actor, 'It is sent once more, for a second unit.') then
    return operated('exhausted', purge)
  end
  return finish(purge)
end)
`,
  "reserve": `-- Accepts a batch or refuses it whole: idempotency key, joins, budget, records, queue and the leases of the first wave.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  batchId, actor, reason?, changedAt? (ms), onExhausted ('reject' | 'hold'), keyHash?, bodyHash?,
--          sendAfter? (ms), settleMs?, dropIn?: { id, isResend } (only with one purge), lines (JSON text, stored
--          unchanged), lease { token, limit (purges) },
--          purges: { id, url, maskedUrl?, kind, target (the name of its pointer), repeats (the name under which its
--          repetitions count), lines, check?: { outcome ('waiting' | 'unreadable'), url, cause? },
--          unscheduled? (the name of the pointer without \`sendAfter\`) }
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
`,
  "try-now": `-- Makes the next probe due now where a refused key (401, 403) has stopped all calls but one every few minutes. It still
-- takes a lease, one at a time: while a send is under way, its answer decides.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  operation (the id of this call)
-- Replies  'tried', then for sends and for status checks: 'due' | 'under-way' | 'not-blocked'
-- Again    changes nothing and replies 'due' once more: the pace knows the operation
--@include books
--@include pace
--@include run

local function tryLane(lane)
  if call('HGET', PACE[lane], 'triedBy') == input.operation then return 'due' end
  local pace = openPace(lane)
  if not pace.blockedBy then return 'not-blocked' end
  if lane == 'send' and tonumber(call('HGET', OPEN, 'sending') or '0') > 0 then return 'under-way' end
  pace.probeAt, pace.changed = math.min(pace.probeAt or now, now), true
  wake(lane)
  call('HSET', PACE[lane], 'triedBy', input.operation)
  return 'due'
end

return run(function()
  openBooks()
  local sends, polls = tryLane('send'), tryLane('poll')
  if sends == 'due' or polls == 'due' then closeAll() end
  return { 'tried', sends, polls }
end)
`,
} as const;

/** Each script's parts, in order, and the SHA-1 of these texts joined by line feeds. */
export const scripts = {
  "advance": { sha1: "7cb9b364c3466df5bc7e540c120db5f0c7868f8c", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/units","lib/schedule","lib/pace","lib/edge","lib/lease","lib/settle-once","lib/settle","lib/settle-poll","lib/trim","lib/batch-reply","lib/caller-rate","lib/run","advance"] },
  "audit": { sha1: "6ae15170a7db42aaf06a33625165f4545bd023bd", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/units","lib/edge","lib/schedule","lib/queues","lib/caller-rate","lib/run","audit"] },
  "cancel": { sha1: "80942dcb29a017a306833385511cde1d6de4b6ed", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/units","lib/edge","lib/operate","lib/caller-rate","lib/run","cancel"] },
  "change-profile": { sha1: "2059166370f18ff9bed994571a150f81bc9a75c2", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/profiles","lib/caller-rate","lib/run","change-profile"] },
  "check": { sha1: "c6d60f26529d73b6a5dbba9b37d77fb46954b949", parts: ["lib/setup","lib/rests","lib/damage","lib/edge-fields","lib/sound","lib/failure","lib/buffer","lib/record","lib/schedule","lib/edge","lib/settle-once","lib/settle-check","lib/witness","lib/books","lib/batch-reply","lib/caller-rate","lib/run","check"] },
  "close": { sha1: "b3a6d8787bcd882427cceecd80cb4991f03b13fd", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/operate","lib/edge","lib/caller-rate","lib/run","close"] },
  "correct": { sha1: "2de7a5304aedb571ec0c9d80c05fccebe1631c52", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/units","lib/caller-rate","lib/run","correct"] },
  "health": { sha1: "37829715e3f600935c336b6c99ee422d2c807e7e", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/units","lib/edge","lib/schedule","lib/queues","lib/caller-rate","lib/run","health"] },
  "list-purges": { sha1: "c1b053f3bbba513a1ff3721ebd29a6a9fb4e4cde", parts: ["lib/setup","lib/edge-fields","lib/sound","lib/caller-rate","lib/damage","lib/witness","lib/failure","lib/run","list-purges"] },
  "plan": { sha1: "056b882667ac4e0f58027c1a4ad21b064808fb6b", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/joins","lib/repeats","lib/caller-rate","lib/run","plan"] },
  "prepare": { sha1: "ffb21b7a7dafb6eb5f3f1ab0f2c9dc6c60470939", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/batch-reply","lib/known-key","lib/profiles","lib/caller-rate","lib/run","prepare"] },
  "read-batch": { sha1: "a8720432e59272d04e44d54c35ca442d2d70f530", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/batch-reply","lib/caller-rate","lib/run","read-batch"] },
  "read-budget": { sha1: "48864735b248942bdba7570612621b4909cd9796", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/caller-rate","lib/run","read-budget"] },
  "read-eviction": { sha1: "c7e6f26508af0d2e3e976ada6751eb4485443866", parts: ["lib/setup","lib/caller-rate","lib/damage","lib/witness","lib/failure","lib/run","read-eviction"] },
  "read-month": { sha1: "7911d0474da5bc39567864d73291d60670b5027f", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/caller-rate","lib/run","read-month"] },
  "read-profiles": { sha1: "818789f31a52d4040886a79185260c45c93027bb", parts: ["lib/setup","lib/profiles","lib/caller-rate","lib/damage","lib/witness","lib/failure","lib/run","read-profiles"] },
  "read-purge": { sha1: "b589df9a2d029a4cc7d27e75e8b31d674ee8e2f9", parts: ["lib/setup","lib/caller-rate","lib/damage","lib/witness","lib/failure","lib/run","read-purge"] },
  "resend": { sha1: "ff403ae16e6b85ee514a0205ff7ef0295d3075a0", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/units","lib/schedule","lib/pace","lib/edge","lib/lease","lib/operate","lib/caller-rate","lib/run","resend"] },
  "reserve": { sha1: "22b4a3b9356470871ac437cd49efc2b8989db644", parts: ["lib/setup","lib/caller-rate","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/units","lib/schedule","lib/pace","lib/edge","lib/lease","lib/joins","lib/drop-in","lib/repeats","lib/batch-reply","lib/known-key","lib/run","reserve"] },
  "try-now": { sha1: "933bc921bfe790bc77b15ac8190062217c1d3b02", parts: ["lib/setup","lib/damage","lib/witness","lib/failure","lib/rests","lib/edge-fields","lib/sound","lib/buffer","lib/record","lib/books","lib/pace","lib/caller-rate","lib/run","try-now"] },
} as const;
