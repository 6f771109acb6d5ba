/** Keeps the index of purges as short as what is kept of them. */
export const trim = /* lua */ `
-- Ten at most: the oldest members whose records are over. One that is still open keeps its place.
local function trimIndex()
  local ids = redis.call('ZRANGEBYSCORE', INDEX, '-inf', now - retentionMs, 'LIMIT', 0, 10)
  if #ids == 0 then return end
  local purges = loadAll(ids)
  for _, id in ipairs(ids) do
    if not purges[id] then redis.call('ZREM', INDEX, id) end
  end
end
`;
