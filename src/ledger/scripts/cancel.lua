-- Detaches batches from a purge that is queued or held, and cancels it when none is left.
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
