-- Sets what was spent elsewhere this month. It is always accepted: queued purges that exceed the budget become held.
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
