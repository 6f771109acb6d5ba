-- What a request with images must know before it is planned: the profiles in force. A request whose idempotency key is
-- known gets its batch instead, whatever the profiles say now. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  keyHash?, bodyHash?
-- Replies  'new', version, profiles (JSON) · 'replayed', '', batch… (lib/batch-reply.lua) · 'key-reused'
--@include known-key
--@include profiles
--@include run

return run(function()
  openBooks()
  local known = replyToKnownKey(input.keyHash, input.bodyHash)
  return known or { 'new', profilesReply() }
end)
