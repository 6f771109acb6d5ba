-- A batch with its purges and the budget. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  batchId
-- Replies  'batch', '', batch… (lib/batch-reply.lua) · 'absent'
--@include batch-reply
--@include run

return run(function()
  openBooks()
  return replyWithBatch('batch', input.batchId) or { 'absent' }
end)
