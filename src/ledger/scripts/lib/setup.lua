-- What every script begins with: names for its keys, its two arguments, and the time.
--
-- ARGV[1] (JSON): families of keys, policy, timings, periods around now, caller to be charged?; `now` only where a test
-- sets the clock.
-- ARGV[2] (JSON): what the script's own header says.

local call = redis.call
local LEDGER, BUDGET, SEND, SETTLE, POLL, HELD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local INDEX, OPEN, ALARMS, HEARTBEAT = KEYS[7], KEYS[8], KEYS[11], KEYS[12]
local PACE = { send = KEYS[9], poll = KEYS[10] }

local policy = cjson.decode(ARGV[1])
local input = cjson.decode(ARGV[2])
local family = policy.families

local now = policy.now
if not now then
  local time = call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local SECOND, MINUTE, HOUR, DAY = 1000, 60000, 3600000, 86400000
local retentionMs = policy.retentionDays * DAY
local SERVICE = 'purge-desk'

-- The month's books, once openBooks has read them.
local books

-- By how much the numbers of open purges, by state and by alarm, change.
local moved = {}

-- What this run wrote into timelines, for the log.
local steps = {}

-- Whether this run wrote what a rollback must not undo unseen (lib/witness.lua).
local written = false
