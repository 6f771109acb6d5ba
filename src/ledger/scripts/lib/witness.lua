-- A rollback (a failover to an older replica, a restored backup) leaves nothing in the ledger that shows it. So every
-- run that writes counts up a sequence, and each instance remembers the latest that it saw, with the month's figures:
--
--   BUDGET  sequence "100:<ms>"    mark:36 "100:<ms>"  (100 % 64)        the instance's witness: 100:<ms>, spent 40
--   rolled back, and written on by an instance that saw nothing:
--   BUDGET  sequence "91:<ms>"     mark:36 "36:<ms>"                     100 > 91, or another mark: it went back
--
-- The marks show a rollback also after others have written past the witness, up to 64 runs later. An older deployment
-- beside this one counts nothing up, which hides nothing that was counted.
--@include damage

local MARKS = 64

local function markOf(sequence) return 'mark:' .. (sequence % MARKS) end

local function stampOf(sequence, at) return string.format('%.0f:%.0f', sequence, at) end

-- Whether the instance has seen this ledger in a later state than it is in. A correction accounts for what was before.
local function wentBack(sequence, mark, accountedFor)
  local witness = policy.witness
  if not witness or (accountedFor and witness.at <= accountedFor) then return false end
  if witness.sequence > sequence then return true end
  return sequence - witness.sequence < MARKS and mark ~= stampOf(witness.sequence, witness.at)
end

-- What the instance knows to have been spent is charged at once: granting goes on with figures that are too high
-- rather than too low. `unrecorded` counts the units among them that no record shows (lib/settle.lua).
local function chargeWitnessed(spend)
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

-- Other instances may hold answers to sends that the ledger has forgotten: nothing goes out before those had time.
local function pauseSends()
  local notBefore = tonumber(call('HGET', PACE.send, 'notBefore') or 0)
  call('HSET', PACE.send, 'notBefore', math.max(notBefore, now + policy.timings.sendLeaseMs))
end

-- Fields and values that go into BUDGET when something was written.
local function nextSequence()
  local witness = policy.witness
  local sequence = math.max(books.sequence, witness and witness.sequence or 0) + 1
  books.sequence, books.sequenceAt = sequence, now
  local stamp = stampOf(sequence, now)
  local fields = { 'sequence', stamp, markOf(sequence), stamp }
  -- The same witness, sent again after a lost reply, must not find the same rollback twice.
  if books.wentBack and markOf(witness.sequence) ~= markOf(sequence) then
    fields[#fields + 1] = markOf(witness.sequence)
    fields[#fields + 1] = stampOf(witness.sequence, witness.at)
  end
  return fields
end

-- What the instance is to remember of this run, as JSON; empty when it would forget what it knew by that.
local function witnessReply()
  if not books or books.sequence == 0 or books.isInDoubt or (books.wentBack and not books.closed) then return '' end
  return cjson.encode({
    sequence = books.sequence, at = books.sequenceAt, startsAt = books.startsAt, spent = books.spent,
    external = books.external,
  })
end
