-- Where a purge's units are. Each unit is in exactly one place:
--
--   reserved ──spendReserved (a send lease)──► spent, in the lease's month ──► stays, once ImageKit has or may have it
--      ▲                                          │
--      └─────────takeBack (it never arrived)──────┘   releaseReserved, releaseSpent: the unit is free again
--
-- A purge has one unit, or two once it is resent; `spentUnits` lists the months of those spent.
--@include books
--@exports setAside, releaseReserved, spendReserved, spendUnrecorded, takeBack, releaseSpent, unhold, balance

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
