-- A batch in a script's reply: flat strings, then the purges' records in the order of the lines. A script that changes
-- anything calls `closeAll` first.
--@include books
--@exports replyOfBatch, replyWithBatch

local BATCH_FIELDS = { 'createdAt', 'actor', 'reason', 'units', 'lines', 'joined', 'cancelled', 'purges' }

-- `batch`: the stored fields by name. `isWaiting`: whether it waits for an open purge.
function replyOfBatch(word, batchId, more, batch, isWaiting)
  local reply = { word, more or '', budgetReply(), isWaiting and '1' or '0', batchId }
  for _, field in ipairs(BATCH_FIELDS) do reply[#reply + 1] = tostring(batch[field] or '') end
  for _, raw in ipairs(textsOf(cjson.decode(batch.purges))) do reply[#reply + 1] = raw end
  return reply
end

-- nil if no such batch exists.
function replyWithBatch(word, batchId, more)
  local values, batch = call('HMGET', family.batch .. batchId, unpack(BATCH_FIELDS)), {}
  if not values[1] then return nil end
  for i, field in ipairs(BATCH_FIELDS) do batch[field] = values[i] end
  return replyOfBatch(word, batchId, more, batch, call('EXISTS', family.waiting .. batchId) == 1)
end
