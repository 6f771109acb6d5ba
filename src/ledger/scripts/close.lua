-- Closes a purge that is unknown or overdue, or ends the alarm of one that the service gave up, or whose old copy is
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
