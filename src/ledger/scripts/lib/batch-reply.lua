-- A batch as every script answers it: flat strings, the purges' records last, in the order of the lines.
--@include books

local function replyWithBatch(word, batchId, more)
  local fields = call('HMGET', family.batch .. batchId, 'createdAt', 'actor', 'reason', 'units', 'lines', 'joined',
    'cancelled', 'purges')
  local reply = { word, more or '', budgetReply(), tostring(call('EXISTS', family.waiting .. batchId)), batchId }
  for i = 1, 8 do reply[#reply + 1] = fields[i] or '' end
  local keys = {}
  for i, id in ipairs(cjson.decode(fields[8])) do keys[i] = family.purge .. id end
  if #keys > 0 then
    for _, raw in ipairs(call('MGET', unpack(keys))) do
      if raw then reply[#reply + 1] = raw end
    end
  end
  return reply
end
