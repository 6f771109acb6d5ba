-- What Redis does with keys when its memory is full. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  {}
-- Replies  'eviction', the maxmemory-policy or '' if Redis does not say
--@include run

return run(function()
  local info = redis.pcall('INFO', 'memory')
  return { 'eviction', type(info) == 'string' and string.match(info, 'maxmemory_policy:([%w-]+)') or '' }
end)
