-- What health shows of the ledger. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  {}
-- Replies  'health', budget, heartbeat (ms) or '', then as flat JSON lists of field and value: open purges by
--          state, pace of sends, pace of polls, alarms
--@include books
--@include run

return run(function()
  openBooks()
  local function flat(key)
    local list = call('HGETALL', key)
    return #list > 0 and cjson.encode(list) or '[]'
  end
  return {
    'health', budgetReply(), call('GET', HEARTBEAT) or '', books.lost and '1' or '0',
    flat(OPEN), flat(PACE.send), flat(PACE.poll), flat(ALARMS),
  }
end)
