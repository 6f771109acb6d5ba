-- One purge. Writes nothing. It is a script, not a plain GET, so that every route that takes a token charges the
-- caller's rate. A leaked token may be used from many addresses, and the platform's limit counts each address
-- separately.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  id, or dropInId (the one that the drop-in endpoint gave)
-- Replies  'purge', its record (JSON) · 'absent'
--@include setup
--@include run

return run(function()
  local id = input.id or call('GET', family.dropIn .. input.dropInId)
  local record = id and call('GET', family.purge .. id)
  if not record then return { 'absent' } end
  return { 'purge', record }
end)
