-- Raises an alarm for what an undamaged ledger cannot contain. It names the keys and lasts until a correction, or until
-- each of them is forgotten.
--@include setup
--@exports nameInAlarm, nameDamage, forgetDamage

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

-- Takes a key that is whole again out of the alarm, which ends with its last one.
function forgetDamage(key)
  local json = call('HGET', ALARMS, 'ledger-damaged')
  local alarm, left = json and cjson.decode(json), {}
  for _, name in ipairs(alarm and alarm.keys or {}) do
    if name ~= key then left[#left + 1] = name end
  end
  if not alarm or #left == #(alarm.keys or {}) then return end
  alarm.keys = left
  if #left == 0 then
    call('HDEL', ALARMS, 'ledger-damaged')
  else
    call('HSET', ALARMS, 'ledger-damaged', cjson.encode(alarm))
  end
end
