-- Whether a purge's record has the fields that the scripts rely on. Redis does not roll back a script that fails
-- half-way, so a record broken by a manual change or a partial restore is found when it is read, before a script uses
-- it.
--@include edge-fields
--@exports decodePurge

local TYPES = {
  id = 'string', batchId = 'string', url = 'string', kind = 'string', target = 'string', actor = 'string',
  state = 'string', units = 'number', attempts = 'number', checks = 'number', createdAt = 'number',
  lines = 'table', batches = 'table', timeline = 'table',
}
local OPTIONAL_TYPES = { sendAt = 'number', changedAt = 'number', dropInId = 'string', endedAlarmOf = 'string' }
-- The fields that a state needs besides those.
local TYPES_IN = {
  queued = { nextCheckAt = 'number' },
  sending = { nextCheckAt = 'number', sentAt = 'number', lease = 'string', spentUnits = 'table' },
  unknown = { nextCheckAt = 'number', sentAt = 'number', spentUnits = 'table' },
  pending = { nextCheckAt = 'number', sentAt = 'number', acceptedAt = 'number', imagekitRequestId = 'string' },
}
TYPES_IN.overdue = TYPES_IN.pending

local function hasTypes(value, types)
  for field, expected in pairs(types or {}) do
    if type(value[field]) ~= expected then return false end
  end
  return true
end

local function allHave(list, types)
  for _, item in ipairs(list or {}) do
    if type(item) ~= 'table' or not hasTypes(item, types) then return false end
  end
  return true
end

local function isSound(purge)
  if not hasTypes(purge, TYPES) then return false end
  for _, value in pairs(purge) do
    if value == cjson.null then return false end
  end
  for field, expected in pairs(OPTIONAL_TYPES) do
    if purge[field] ~= nil and type(purge[field]) ~= expected then return false end
  end
  local spent = purge.spentUnits
  return policy.transitions[purge.state] ~= nil and hasTypes(purge, TYPES_IN[purge.state])
    and not (spent and #spent == 0) and allHave(spent, { month = 'number', day = 'number' })
    and allHave(purge.batches, { id = 'string', actor = 'string' })
    and allHave(purge.timeline, { at = 'number', state = 'string', by = 'string', note = 'string' })
end

-- The purge in a record; nil if the record is broken. Of a broken edge check only the check is lost.
function decodePurge(raw)
  local isJson, purge = pcall(cjson.decode, raw)
  if not isJson or type(purge) ~= 'table' then return nil end
  if not edgeCheck.isSound(purge.edge) then purge.edge, purge.changedAt = nil, nil end
  return isSound(purge) and purge or nil
end
