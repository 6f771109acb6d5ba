-- Keeps the index of purges as short as what is kept of them.
--@include record

-- Ten of the old members at a time, each minute another ten: those whose records are over leave. One that is still
-- open, or ended late, keeps its place and must not stand before the others.
local function trimIndex()
  local old = call('ZCOUNT', INDEX, '-inf', now - retentionMs)
  if old == 0 then return end
  local rank = math.floor(now / MINUTE) % math.ceil(old / 10) * 10
  local ids = call('ZRANGE', INDEX, rank, rank + 9)
  local purges = loadAll(ids)
  for _, id in ipairs(ids) do
    if not purges[id] then call('ZREM', INDEX, id) end
  end
end
