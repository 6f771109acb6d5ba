-- Keeps the index of purges as short as what is kept of them.
--@include buffer

-- A hundred of the old members at a time, each minute another hundred: those whose records are over leave. One that is
-- still open, or ended late, keeps its place and must not stand before the others.
local function trimIndex()
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
