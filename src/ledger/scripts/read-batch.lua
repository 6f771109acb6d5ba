-- A batch with its purges and the budget. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  batchId
-- Replies  'batch' '' batch… (lib/batch-reply.lua) · 'absent'
--@include batch-reply
--@include run

return run(function()
  if call('EXISTS', family.batch .. input.batchId) == 0 then return { 'absent' } end
  openBooks()
  return replyWithBatch('batch', input.batchId)
end)
