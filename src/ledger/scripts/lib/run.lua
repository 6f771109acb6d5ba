-- Around every script's decision: the caller's rate before it, and two strings after its reply. The first holds what
-- was written into timelines (JSON, or empty). The last is when this ledger began, as far as the instance may take it
-- as known: from a script that has written its books, or when the instance knew nothing before.
--@include caller-rate
--@include failure

local function run(decide)
  local refusal = chargeCaller()
  local isDone, reply = true, refusal
  if not refusal then isDone, reply = pcall(decide) end
  if not isDone then
    closeAfterFailure()
    error(reply, 0)
  end
  local known = books and (books.closed or not policy.knownSince) and books.createdAt
  reply[#reply + 1] = #steps > 0 and cjson.encode(steps) or ''
  reply[#reply + 1] = known and tostring(known) or ''
  return reply
end
