-- The budget alone. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  {}
-- Replies  'budget', the budget (JSON)
--@include books
--@include run

return run(function()
  openBooks()
  return { 'budget', budgetReply() }
end)
