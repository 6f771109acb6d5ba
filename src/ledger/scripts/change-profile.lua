-- Creates, replaces or deletes one profile, if no profile has changed since the caller checked this change. It is
-- checked against all of them, because two profiles may not share a path.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  name, profile? (absent: it is deleted), expectedVersion (of all profiles), actor, operation (this call's
--          id)
-- Replies  'changed' | 'conflict' (nothing was written), version, profiles (JSON)
-- Again    changes nothing and replies 'changed': the history knows the operation
--@include books
--@include profiles
--@include run

local MOST_CHANGES = 100

-- Whether one of the latest changes was this call.
local function isKnown()
  for _, change in ipairs(call('LRANGE', PROFILE_CHANGES, 0, 9)) do
    if cjson.decode(change).operation == input.operation then return true end
  end
  return false
end

return run(function()
  openBooks()
  if isKnown() then return { 'changed', profilesReply() } end
  local field = 'profile:' .. input.name
  local stored = call('HMGET', PROFILES, 'version', field)
  local version, before = tonumber(stored[1] or 0), stored[2] and cjson.decode(stored[2]) or nil
  if version ~= input.expectedVersion then return { 'conflict', profilesReply() } end
  if not before and not input.profile then return { 'changed', profilesReply() } end

  written = true
  local after = input.profile
  if after then
    after.name, after.version, after.changedAt, after.changedBy = input.name, version + 1, now, input.actor
    call('HSET', PROFILES, 'version', version + 1, field, cjson.encode(after))
  else
    call('HSET', PROFILES, 'version', version + 1)
    call('HDEL', PROFILES, field)
  end
  local change = { at = now, actor = input.actor, name = input.name, operation = input.operation }
  change.before, change.after = before, after
  call('LPUSH', PROFILE_CHANGES, cjson.encode(change))
  call('LTRIM', PROFILE_CHANGES, 0, MOST_CHANGES - 1)
  closeAll()
  return { 'changed', profilesReply() }
end)
