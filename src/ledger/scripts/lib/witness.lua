-- A rollback (a failover to an older replica, a restored backup) leaves no trace in the ledger. So every run that
-- writes increments a sequence, and each instance remembers the latest one that it saw, with the month's figures:
--
--   BUDGET  sequence "100:<ms>"    mark:36 "100:<ms>"  (100 % 64)        the instance's witness: 100:<ms>, spent 40
--   after a rollback, and more writes by an instance that did not notice it:
--   BUDGET  sequence "91:<ms>"     mark:36 "36:<ms>"                     100 > 91, or another mark: it went back
--
-- The marks show a rollback even after others have written past the witness, up to 64 runs later. An older deployment
-- that runs beside this one does not increment the sequence; that hides no rollback.
--@include damage
--@exports markOf, wentBack, chargeWitnessed, pauseSends, nextSequence, witnessReply

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

-- Charges at once what the instance knows was spent, so that the figures are too high rather than too low. `unrecorded`
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
