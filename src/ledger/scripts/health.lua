-- What health shows of the ledger. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  {}
-- Replies  'health', budget, heartbeat (ms) or '', '1' when the ledger was lost and else '0', what an instance's next
--          write will raise as JSON ({ damaged?: keys, wentBack? }), then as flat JSON lists of field and value: open
--          purges by state, pace of sends, pace of polls, alarms
--@include queues
--@include run

return run(function()
  openBooks()
  local function flat(key)
    local list = call('HGETALL', key)
    return #list > 0 and cjson.encode(list) or '[]'
  end
  local damaged = disagreements()
  for _, key in ipairs(books.doubts) do damaged[#damaged + 1] = key end
  return {
    'health', budgetReply(), call('GET', HEARTBEAT) or '', books.lost and '1' or '0',
    cjson.encode({ damaged = #damaged > 0 and damaged or nil, wentBack = books.wentBack or nil }),
    flat(OPEN), flat(PACE.send), flat(PACE.poll), flat(ALARMS),
  }
end)
