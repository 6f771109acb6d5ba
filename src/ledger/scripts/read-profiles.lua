-- The profiles in force, and their history. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  historyBytes (the most that the history may take in the reply)
-- Replies  'profiles', version, profiles (JSON), then their changes (JSON), newest first
--@include profiles
--@include run

return run(function()
  local reply = { 'profiles', profilesReply() }
  local left = input.historyBytes
  for _, change in ipairs(call('LRANGE', PROFILE_CHANGES, 0, -1)) do
    left = left - #change
    if left < 0 then break end
    reply[#reply + 1] = change
  end
  return reply
end)
