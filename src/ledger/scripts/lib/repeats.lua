-- Stops loops: a hook that its own purges trigger, a build that never ends. At most `policy.repeatLimit` batches of one
-- actor within an hour may make a purge of the same URL, its query and its `*` aside. Joined lines make none.
--
-- `family.repeats` has a hash for each actor and day: name of the URL → the times (ms) of the latest batches that made
-- a purge of it. In the first hour of a day yesterday's hash counts too. A refused batch is not counted.
--@include setup
--@exports readRepeats, repeatedSince, countRepeats

-- The presence of this field shows that the hash has its TTL.
local KEPT = 'kept'

local function hashOf(actor, day) return family.repeats .. string.format('%.0f', day) .. ':' .. actor end

local function timesIn(text)
  local times = {}
  for at in string.gmatch(text or '', '%d+') do
    if tonumber(at) > now - HOUR then times[#times + 1] = tonumber(at) end
  end
  return times
end

-- What is known of an actor's repetitions of these URLs (names): for each name the times within the last hour, oldest
-- first.
function readRepeats(actor, names)
  local day = math.floor(now / DAY)
  local repeats = { hash = hashOf(actor, day), today = {}, times = {} }
  if not policy.repeatLimit or #names == 0 then return repeats end
  local fields = { KEPT }
  for i, name in ipairs(names) do fields[i + 1] = name end
  local values = readFields(repeats.hash, fields)
  repeats.isKept = values[1]
  local before = now % DAY < HOUR and readFields(hashOf(actor, day - 1), names) or {}
  for i, name in ipairs(names) do
    repeats.today[name] = timesIn(values[i + 1])
    repeats.times[name] = timesIn((before[i] or '') .. ' ' .. (values[i + 1] or ''))
  end
  return repeats
end

-- Since when the actor repeats this URL, if it may not do so again now; else nil.
function repeatedSince(repeats, name)
  local times = repeats.times[name]
  return times and #times >= (policy.repeatLimit or math.huge) and times[1] or nil
end

-- Counts a batch that makes a purge of each of these URLs.
function countRepeats(repeats, names)
  if not policy.repeatLimit or #names == 0 then return end
  local fields = repeats.isKept and {} or { KEPT, '1' }
  for _, name in ipairs(names) do
    local times = repeats.today[name]
    times[#times + 1] = now
    fields[#fields + 1] = name
    fields[#fields + 1] = table.concat(times, ' ')
  end
  call('HSET', repeats.hash, unpack(fields))
  if not repeats.isKept then call('PEXPIRE', repeats.hash, math.floor(DAY - now % DAY + HOUR)) end
end
