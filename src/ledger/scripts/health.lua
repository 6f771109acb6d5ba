-- What health shows of the ledger. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  {}
-- Replies  'health', budget (JSON), heartbeat (ms) or '', '1' if the ledger was lost and else '0', the alarms that the
--          next write will raise (JSON { damaged?: keys, wentBack? }), the number of purges whose time is still ahead,
--          the latest refusal of a caller that repeats itself (JSON { at, actor, url }) or '', how many edge checks in
--          a row ended `unchanged` (JSON { inARow, since (ms) }) or '', then flat JSON lists of field and value: open
--          purges by state and by alarm, pace of sends, pace of polls, alarms
--@include queues
--@include run

return run(function()
  openBooks()
  local function flat(key)
    local list = call('HGETALL', key)
    return #list > 0 and cjson.encode(list) or '[]'
  end
  local damaged = disagreements(firstScheduled())
  for _, key in ipairs(books.doubts) do damaged[#damaged + 1] = key end
  -- Nothing is granted, and the alarm that says why was lost.
  if books.isInDoubt and call('HEXISTS', ALARMS, 'ledger-damaged') == 0 then damaged[#damaged + 1] = ALARMS end
  return {
    'health', budgetReply(), readText(HEARTBEAT) or '', books.lost and '1' or '0',
    cjson.encode({ damaged = #damaged > 0 and damaged or nil, wentBack = books.wentBack or nil }),
    tostring(call('ZCOUNT', SCHEDULED, '(' .. now, '+inf')), readText(REPEATING) or '', readText(UNCHANGED) or '',
    flat(OPEN), flat(PACE.send), flat(PACE.poll), flat(ALARMS),
  }
end)
