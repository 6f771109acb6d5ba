-- Removes purges from the index after their records have expired.
--@include buffer
--@exports trimIndex

-- Looks at 100 of the old members, another 100 every minute. An old purge that is still open, or ended late, keeps its
-- place in the index, so a look at the oldest 100 alone might never get past such purges.
function trimIndex()
  local old = call('ZCOUNT', INDEX, '-inf', now - retentionMs)
  if old == 0 then return end
  local rank = math.floor(now / MINUTE) % math.ceil(old / 100) * 100
  local ids = call('ZRANGE', INDEX, rank, rank + 99)
  local purges, gone = loadAll(ids), {}
  for _, id in ipairs(ids) do
    if not purges[id] then gone[#gone + 1] = id end
  end
  if #gone > 0 then call('ZREM', INDEX, unpack(gone)) end
end
