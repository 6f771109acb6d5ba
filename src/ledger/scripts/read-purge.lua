-- One purge. Writes nothing. A script and not a plain GET, so that the caller's rate is charged on every route that
-- takes a token: a token that leaked may be used from any number of addresses, which the platform's limit counts apart.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  id
-- Replies  'purge' and its record · 'absent'
--@include setup
--@include run

return run(function()
  local record = call('GET', family.purge .. input.id)
  if not record then return { 'absent' } end
  return { 'purge', record }
end)
