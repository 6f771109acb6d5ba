-- Gives up a purge that nobody expects to end by itself. What it cost stays spent.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  id, actor, operation
-- Replies  'done' | 'forbidden-state', purge, budget · 'not-found'
--@include operate
--@include run

return run(function()
  openBooks()
  local purge = load(input.id)
  if not purge then return { 'not-found' } end
  if purge.operation == input.operation then return operated('done', purge) end
  if purge.state ~= 'unknown' and purge.state ~= 'overdue' then return operated('forbidden-state', purge) end
  move(purge, 'abandoned', input.actor, 'Closed by an operator; what it cost stays spent.')
  return finish(purge)
end)
