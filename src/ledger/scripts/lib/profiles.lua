-- The profiles in a script's reply: their version, and a JSON list of them in no particular order.
--@include setup
--@exports profilesReply

function profilesReply()
  local fields, version, profiles = call('HGETALL', PROFILES), '0', {}
  for i = 1, #fields, 2 do
    if fields[i] == 'version' then version = fields[i + 1] else profiles[#profiles + 1] = fields[i + 1] end
  end
  return version, '[' .. table.concat(profiles, ',') .. ']'
end
