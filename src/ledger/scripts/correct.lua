-- Sets what was spent elsewhere this month. Always accepted: what is queued beyond the budget becomes held.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  external (units), reason?, actor, operation (the id of this call)
-- Replies  'budget' and it as JSON
-- Again    the figure is set, not added; the list of corrections remembers the operation, and a newer one stays
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
  -- The month may have turned since it arrived first.
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
  -- Somebody has said what the month cost so far, which is all that a lost or damaged database could not tell.
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
