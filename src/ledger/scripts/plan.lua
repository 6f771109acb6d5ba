-- What joining and the budget would say to these targets. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  targets (SHA-256 of each URL), changedAt? (ms)
-- Replies  'plan' budget, then for each target the id of the purge it would join, or ''
--@include books
--@include joins
--@include run

return run(function()
  openBooks()
  local reply = { 'plan', budgetReply() }
  for _, purge in ipairs(findJoins(input.targets, input.changedAt or now)) do
    reply[#reply + 1] = purge and purge.id or ''
  end
  return reply
end)
