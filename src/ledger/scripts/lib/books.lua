-- The month's books: read once into `books`, changed in memory, written once by `closeBooks`.
--
--   available = quota - margin - spent - external - reserved
--
-- `reserved` has no month; spent belongs to the month in which the send was leased, and goes back there.
--@include record

local function turnMonth(endedAt)
  for _, period in ipairs(policy.periods) do
    if now >= period.startsAt and now < period.endsAt then
      books.month, books.endsAt, books.turned = period.month, period.endsAt, true
      books.startsAt = period.startsAt
      -- The period that ended was longer than today's settings say: the new one begins where it ended.
      if endedAt and endedAt > period.startsAt then books.startsAt = endedAt end
      return
    end
  end
  error('NOPERIOD the clock of Redis and that of this instance are months apart')
end

local function openBooks()
  local ledger = call('HMGET', LEDGER, 'schema', 'createdAt', 'accountedFor')
  if ledger[1] and tonumber(ledger[1]) > policy.schema then
    error('NEWERSCHEMA this ledger is of schema ' .. ledger[1] .. ', this deployment knows ' .. policy.schema)
  end
  local budget = call('HMGET', BUDGET, 'month', 'startsAt', 'endsAt', 'reserved')
  books = {
    createdAt = tonumber(ledger[2]), month = budget[1], startsAt = tonumber(budget[2]),
    endsAt = tonumber(budget[3]), reserved = tonumber(budget[4] or '0'), spentBy = {},
  }
  -- This instance saw a ledger here that is gone: whatever it knew of the month is lost.
  books.lost = policy.knownSince and policy.knownSince ~= books.createdAt and not ledger[3]
  if not books.endsAt or now >= books.endsAt then turnMonth(books.endsAt) end
  local month = call('HMGET', family.month .. books.startsAt, 'spent', 'external')
  books.spent, books.external = tonumber(month[1] or '0'), tonumber(month[2])
  books.before = { reserved = books.reserved, spent = books.spent }
end

local function available()
  return policy.quota - policy.margin - books.spent - (books.external or 0) - books.reserved
end

-- Counts units as spent (or, negative, as not) in the month that began at monthStart, by day and actor.
local function spend(units, monthStart, day, actor)
  if monthStart == books.startsAt then books.spent = books.spent + units end
  local month = books.spentBy[monthStart] or {}
  books.spentBy[monthStart] = month
  for _, field in ipairs({ 'spent', 'day:' .. day, 'actor:' .. actor }) do
    month[field] = (month[field] or 0) + units
  end
end

local function closeBooks()
  books.closed = true
  if not books.createdAt then
    books.createdAt = now
    call('HSET', LEDGER, 'schema', policy.schema, 'createdAt', now)
  end
  if books.lost then
    call('HSETNX', ALARMS, 'ledger-lost', cjson.encode({ since = now }))
  end
  if books.turned then
    call('HSET', BUDGET, 'month', books.month, 'startsAt', books.startsAt, 'endsAt', books.endsAt)
    local key = family.month .. books.startsAt
    call('HSET', key, 'month', books.month, 'startsAt', books.startsAt, 'endsAt', books.endsAt)
    call('PEXPIREAT', key, books.endsAt + retentionMs)
  end
  if books.reserved ~= books.before.reserved then call('HSET', BUDGET, 'reserved', books.reserved) end
  for monthStart, counts in pairs(books.spentBy) do
    local key = family.month .. monthStart
    for field, units in pairs(counts) do
      if units ~= 0 then call('HINCRBY', key, field, units) end
    end
    -- An ended month's record may be gone already; what comes back to it must not live for ever.
    if monthStart ~= books.startsAt and call('PTTL', key) < 0 then
      call('PEXPIRE', key, retentionMs)
    end
  end
end

local function budgetReply()
  return cjson.encode({
    month = books.month, quota = policy.quota, margin = policy.margin, spent = books.spent,
    reserved = books.reserved, external = books.external or 0, available = available(),
    held = countHeld(), resetsAt = books.endsAt, ledgerCreatedAt = books.createdAt,
    externalStated = books.external ~= nil, startsAt = books.startsAt, now = now,
  })
end
