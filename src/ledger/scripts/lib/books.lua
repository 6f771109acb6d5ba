-- The month's books: read once into `books`, changed in memory, written once by `closeBooks`.
--
--   available = quota - margin - spent - external - reserved
--
-- `reserved` has no month. `spent` belongs to the month in which the send was leased, and a refund goes to that month.
--
-- A missing key is not zero. A ledger has either all of its marker, its budget and its record of the period in force,
-- or none of them. If only some are missing, or a figure is no whole number from 0, the budget is in doubt. Then the
-- ledger grants nothing (no reservation, no send, no resend); polls, settlements and reads go on. It rewrites the books
-- with the highest figures that any key still shows and sets `inDoubt`, until a correction says what the month cost.
--@include witness
--@include failure
--@include record
--@exports spend, refuseNewerSchema, openBooks, available, budgetReply, refuseInDoubt

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

-- A figure of the books; absent, it is 0. One that is no whole number from 0 is noted in `books.broken`: no limit holds
-- for `nan`, which Lua reads as a number.
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
