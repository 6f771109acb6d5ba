-- Whether an edge check, in a record or a settlement, has the fields that the scripts rely on.
--@include setup
--@exports edgeCheck

-- What the scripts do with edge checks: one name for the functions of this file and of edge.lua.
edgeCheck = {}

-- `besideSend`: the token of the latest send, as long as its `before` is not known.
local OPTIONAL = { cause = 'string', checkedAt = 'number', nextAt = 'number', besideSend = 'string' }
local READING = {
  status = 'number', fingerprint = 'string', ageSeconds = 'number', madeAt = 'number', cache = 'string',
  location = 'string', type = 'string', problem = 'string', notAsked = 'boolean',
}

-- Whether none of these fields has a value of another type.
local function fits(value, types)
  for field, expected in pairs(types) do
    if value[field] ~= nil and type(value[field]) ~= expected then return false end
  end
  return true
end

function edgeCheck.isReading(value)
  return type(value) == 'table' and type(value.at) == 'number' and fits(value, READING)
end

function edgeCheck.isSound(edge)
  if type(edge) ~= 'table' then return false end
  local isWhole = type(edge.outcome) == 'string' and type(edge.url) == 'string' and type(edge.tries) == 'number'
  return isWhole and fits(edge, OPTIONAL)
    and (edge.before == nil or edgeCheck.isReading(edge.before))
    and (edge.after == nil or edgeCheck.isReading(edge.after))
end
