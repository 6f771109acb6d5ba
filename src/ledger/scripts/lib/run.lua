-- Around every script's decision: the caller's rate before it, and four strings after its reply:
--   what was written into timelines (JSON, or empty);
--   when this ledger began, as far as the instance may take it as known: from a script that has written its books, or
--   when the instance knew nothing before;
--   the witness to remember (JSON, or empty);
--   '1' when the ledger is in an earlier state than the instance has seen.
--@include caller-rate
--@include witness
--@include failure

local function run(decide)
  -- What is under way is written though memory is full: Redis lets a script go on if its first write takes no memory.
  if policy.despiteFull then call('DEL', family.lease .. 'none') end
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
  reply[#reply + 1] = witnessReply()
  reply[#reply + 1] = books and books.wentBack and '1' or ''
  return reply
end
