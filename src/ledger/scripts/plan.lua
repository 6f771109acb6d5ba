-- The budget, and the purges that these targets would join. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  targets (names of pointers), changedAt? (ms), isScheduled?
-- Replies  'plan', budget (JSON), then for each target the id of the purge it would join, or ''
--@include books
--@include joins
--@include run

return run(function()
  openBooks()
  local reply = { 'plan', budgetReply() }
  for _, purge in ipairs(findJoins(input.targets, input.changedAt, input.isScheduled)) do
    reply[#reply + 1] = purge and purge.id or ''
  end
  return reply
end)
