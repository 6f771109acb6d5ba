-- Around every script's decision: the caller's rate before it, and two strings after its reply. The first holds what
-- was written into timelines (JSON, or empty). The last is when this ledger began, as far as the instance may take it
-- as known: from a script that has written its books, or when the instance knew nothing before.
--@include caller-rate

local function run(decide)
  -- What is under way is written though memory is full: Redis lets a script go on whose first write takes no memory.
  if policy.despiteFull then call('DEL', family.lease .. 'none') end
  local reply = chargeCaller() or decide()
  local known = books and (books.closed or not policy.knownSince) and books.createdAt
  reply[#reply + 1] = #steps > 0 and cjson.encode(steps) or ''
  reply[#reply + 1] = known and tostring(known) or ''
  return reply
end
