-- What a request gets whose idempotency key is known: its batch as it is now, or 'key-reused' if the key came with
-- another body. nil if the key is new, or absent.
--@include batch-reply
--@exports replyToKnownKey

function replyToKnownKey(keyHash, bodyHash)
  local before = keyHash and call('GET', family.idempotency .. keyHash)
  if not before then return nil end
  local stored = cjson.decode(before)
  if stored.bodyHash ~= bodyHash then return { 'key-reused' } end
  return replyWithBatch('replayed', stored.batchId)
end
