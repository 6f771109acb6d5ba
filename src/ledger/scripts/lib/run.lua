-- Runs a script's decision: charges the caller's rate before it, and appends four strings to its reply:
--   the entries written into timelines (JSON, or '');
--   when this ledger was created (ms), or '' if the instance must not learn it: it knew a time before, and this script
--   has not written its books;
--   the witness to remember (JSON, or '');
--   '1' if the ledger is in an earlier state than the instance has seen, else ''.
-- `conclude`, if there is one, runs last, also if the caller is over its rate or the decision failed.
--@include caller-rate
--@include witness
--@include failure
--@exports run

function run(decide, conclude)
  -- Work in progress is written even when memory is full: Redis checks memory only before a script's first write, and a
  -- DEL needs none.
  if policy.despiteFull then call('DEL', family.lease .. 'none') end
  local refusal = chargeCaller()
  local isDone, reply = true, refusal
  if not refusal then isDone, reply = pcall(decide) end
  if not isDone then closeAfterFailure() end
  if conclude then pcall(conclude) end
  if not isDone then error(reply, 0) end
  local known = books and (books.closed or not policy.knownSince) and books.createdAt
  reply[#reply + 1] = #steps > 0 and cjson.encode(steps) or ''
  reply[#reply + 1] = known and tostring(known) or ''
  reply[#reply + 1] = witnessReply()
  reply[#reply + 1] = books and books.wentBack and '1' or ''
  return reply
end
