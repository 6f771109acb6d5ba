-- Where the units of the month in force went. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  {}
-- Replies  'month', budget (JSON), the month's hash as a flat JSON list of field and value, then its corrections
--          (JSON), newest first
--@include books
--@include run

return run(function()
  openBooks()
  local fields = call('HGETALL', family.month .. books.startsAt)
  local reply = { 'month', budgetReply(), #fields > 0 and cjson.encode(fields) or '[]' }
  for _, correction in ipairs(call('LRANGE', family.corrections .. books.startsAt, 0, 99)) do
    reply[#reply + 1] = correction
  end
  return reply
end)
