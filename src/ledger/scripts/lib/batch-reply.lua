-- A batch in a script's reply: flat strings, then the purges' records in the order of the lines; nil if no such batch
-- exists. A script that changes anything calls `closeAll` first.
--@include books

local function replyWithBatch(word, batchId, more)
  local fields = call('HMGET', family.batch .. batchId, 'createdAt', 'actor', 'reason', 'units', 'lines', 'joined',
    'cancelled', 'purges')
  if not fields[1] then return nil end
  local reply = { word, more or '', budgetReply(), tostring(call('EXISTS', family.waiting .. batchId)), batchId }
  for i = 1, 8 do reply[#reply + 1] = fields[i] or '' end
  for _, raw in ipairs(textsOf(cjson.decode(fields[8]))) do reply[#reply + 1] = raw end
  return reply
end
