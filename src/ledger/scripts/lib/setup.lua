-- The beginning of every script: names for its keys, its two arguments, and the time.
--
-- ARGV[1] (JSON): the policy, timings (ms), families of keys, periods around now (ms), what the instance has seen, and
-- the caller to charge, if any. `now` (ms) only if a test sets the clock. See `policyArgument` in connection.ts.
-- ARGV[2] (JSON): the script's own input; see its header.

local call = redis.call
local LEDGER, BUDGET, SEND, SETTLE, POLL, HELD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local INDEX, OPEN, ALARMS, HEARTBEAT = KEYS[7], KEYS[8], KEYS[11], KEYS[12]
local PROFILES, PROFILE_CHANGES, SCHEDULED, WAKE, REPEATING = KEYS[13], KEYS[14], KEYS[15], KEYS[16], KEYS[17]
local CHECKS, UNCHANGED = KEYS[18], KEYS[19]
local PACE = { send = KEYS[9], poll = KEYS[10] }

local policy = cjson.decode(ARGV[1])
local input = cjson.decode(ARGV[2])
local family, timings = policy.families, policy.timings

local now = policy.now
if not now then
  local time = call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local SECOND, MINUTE, HOUR, DAY = 1000, 60000, 3600000, 86400000
local retentionMs = policy.retentionDays * DAY
local SERVICE = 'purge-desk'

-- `unpack` takes at most about 8,000 values. So a long list of keys or fields goes through a command in parts.
local function inParts(list, read)
  local values, part = {}, 4000
  for from = 1, #list, part do
    for _, value in ipairs(read(unpack(list, from, math.min(from + part - 1, #list)))) do
      values[#values + 1] = value
    end
  end
  return values
end

local function readKeys(keys)
  return inParts(keys, function(...) return call('MGET', ...) end)
end

-- A text that nothing depends on, or false. GET fails for a key of another type, and MGET passes over it.
local function readText(key)
  return call('MGET', key)[1]
end

local function readFields(key, fields)
  return inParts(fields, function(...) return call('HMGET', key, ...) end)
end

-- The month's books, once openBooks has read them.
local books

-- Changes to the numbers of open purges, by state and by alarm.
local moved = {}

-- The entries that this run wrote into timelines, for the log.
local steps = {}

-- Whether this run changed what a rollback must not undo unnoticed (lib/witness.lua).
local written = false
