-- Queues an unknown purge to be sent once more, for a second unit.
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
