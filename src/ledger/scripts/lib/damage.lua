-- Raises an alarm for what an undamaged ledger cannot contain. It names the keys and lasts until a correction.
--@include setup
--@exports nameInAlarm, nameDamage

local MOST_NAMES = 20

-- Adds names to an alarm of the whole ledger, at most MOST_NAMES. `list`: `keys` or `purges`.
function nameInAlarm(code, list, names)
  local before = call('HGET', ALARMS, code)
  local alarm = before and cjson.decode(before) or { since = now }
  local named, isKnown = alarm[list] or {}, {}
  for _, name in ipairs(named) do isKnown[name] = true end
  for _, name in ipairs(names) do
    if not isKnown[name] and #named < MOST_NAMES then
      named[#named + 1] = name
      isKnown[name] = true
    end
  end
  alarm[list] = #named > 0 and named or nil
  local after = cjson.encode(alarm)
  if after ~= before then call('HSET', ALARMS, code, after) end
end

function nameDamage(names)
  if #names > 0 then nameInAlarm('ledger-damaged', 'keys', names) end
end
