-- What all instances together may ask of one ImageKit endpoint now: a token bucket, the pause a 429 asked for,
-- the breaker that a 401 or 403 opened, and the one that consecutive lost answers opened. `openPace`
-- reads it, what follows changes it in memory, `closePaces` writes it.
--@include rests
--@include failure

local PROBE_INTERVAL = policy.timings.probeIntervalMs
local LONGEST_PROBE_INTERVAL = policy.timings.longestProbeIntervalMs
local LASTING_THROTTLE, THROTTLE_TRIAL = policy.timings.lastingThrottleMs, policy.timings.throttleTrialMs
local THROTTLE_LULL = policy.timings.throttleLullMs
local paces = {}
local paceFields = { 'tokens', 'filledAt', 'notBefore', 'throttledSince', 'blockedBy', 'blockedSince', 'probeAt',
  'troubleSince', 'doubts', 'doubtsSince' }

local function openPace(endpoint)
  if paces[endpoint] then return paces[endpoint] end
  local values = call('HMGET', PACE[endpoint], 'trouble', 'troubleCode', unpack(paceFields))
  local pace = { trouble = values[1] or nil, troubleCode = values[2] or nil }
  for i, field in ipairs(paceFields) do pace[field] = tonumber(values[i + 2]) end
  pace.stored = { trouble = pace.trouble, troubleCode = pace.troubleCode }
  for _, field in ipairs(paceFields) do pace.stored[field] = pace[field] end
  local rate = policy.rates[endpoint]
  if rate then
    local elapsed = math.max(0, now - (pace.filledAt or 0))
    pace.tokens = math.min(rate.burst, (pace.tokens or rate.burst) + elapsed * rate.perSecond / SECOND)
    pace.filledAt = now
  end
  paces[endpoint] = pace
  return pace
end

-- Whether only a probe may go, every few minutes.
local function isClosed(pace) return pace.blockedBy or (pace.doubts or 0) >= policy.doubtsThatClose end

-- A key that was refused or a quota that was used up costs Redis commands each time it is tried: the
-- longer a trouble has lasted, the less often.
local function probeAfter(since)
  local pauseMs = math.floor((now - (since or now)) / 8)
  return now + math.max(PROBE_INTERVAL, math.min(LONGEST_PROBE_INTERVAL, pauseMs))
end

-- How long 429 has been all that came, or nothing when the last one is long ago: whatever was due has been tried since.
local function throttledFor(pace)
  if pace.throttledSince and now - (pace.notBefore or 0) < THROTTLE_LULL then return now - pace.throttledSince end
  return 0
end

-- How many calls may begin now, at most limit; and when to ask again if that is fewer.
local function allowance(endpoint, limit)
  local pace, rate = openPace(endpoint), policy.rates[endpoint]
  if isClosed(pace) then
    if now < (pace.probeAt or 0) then return 0, pace.probeAt end
    return math.min(limit, 1), now + PROBE_INTERVAL
  end
  if pace.notBefore and now < pace.notBefore then return 0, pace.notBefore end
  if throttledFor(pace) >= THROTTLE_TRIAL then limit = math.min(limit, 1) end
  if not rate then return limit, now end
  local free = math.min(limit, math.floor(pace.tokens))
  -- Worth asking again for about a second's worth, not for each single token.
  local worthwhile = math.max(1, math.min(limit - free, math.floor(rate.perSecond)))
  local missing = worthwhile - (pace.tokens - free)
  return free, now + math.max(1, math.ceil(missing * SECOND / rate.perSecond))
end

local function draw(endpoint, calls)
  local pace = openPace(endpoint)
  if calls > 0 and isClosed(pace) then pace.probeAt = probeAfter(pace.blockedSince or pace.doubtsSince) end
  if pace.tokens and policy.rates[endpoint] then pace.tokens = pace.tokens - calls end
  pace.changed = pace.changed or calls > 0
end

-- ImageKit took a call: nothing is in the way any more. A pause that a 429 asked for is kept: the call that was
-- taken may have left before it.
local function paceWell(endpoint)
  local pace = openPace(endpoint)
  if not (pace.blockedBy or pace.throttledSince or pace.trouble or pace.doubts) then return end
  pace.throttledSince, pace.blockedBy, pace.blockedSince, pace.probeAt = nil, nil, nil, nil
  pace.trouble, pace.troubleCode, pace.troubleSince, pace.doubts, pace.doubtsSince = nil, nil, nil, nil, nil
  pace.changed = true
  wake(endpoint)
end

-- 429: everybody waits as long as X-RateLimit-Reset says, within 1 and 60 s; 10 s when it says nothing. After an
-- hour of it the pause grows like a breaker's.
local function paceThrottled(endpoint, resetMs)
  local pace = openPace(endpoint)
  -- What is due is tried each minute: after a lull nothing was, and this 429 is another story.
  if pace.notBefore and now - pace.notBefore >= THROTTLE_LULL then pace.throttledSince = nil end
  pace.throttledSince = pace.throttledSince or now
  local untilAt = now + math.min(60 * SECOND, math.max(SECOND, math.ceil(resetMs or 10 * SECOND)))
  if now - pace.throttledSince >= LASTING_THROTTLE then untilAt = probeAfter(pace.throttledSince) end
  pace.notBefore = math.max(pace.notBefore or 0, untilAt)
  pace.changed = true
end

-- An answer was lost. One may be bad luck; a row of them is an outage that would eat the quota.
local function paceDoubtful(endpoint)
  local pace = openPace(endpoint)
  pace.doubts, pace.doubtsSince = (pace.doubts or 0) + 1, pace.doubtsSince or now
  if isClosed(pace) then pace.probeAt = probeAfter(pace.doubtsSince) end
  pace.changed = true
end

-- 401, 403: the key is at fault, so nothing more is tried but a probe every few minutes.
local function paceBlocked(endpoint, status)
  local pace = openPace(endpoint)
  pace.blockedBy, pace.blockedSince = status, pace.blockedSince or now
  pace.probeAt = probeAfter(pace.blockedSince)
  pace.changed = true
end

-- Something that an operator should read: ImageKit cannot be reached, or answers what is not documented.
local function paceTroubled(endpoint, code, message)
  local pace = openPace(endpoint)
  if pace.troubleCode ~= code then pace.troubleSince = now end
  pace.trouble, pace.troubleCode, pace.changed = message, code, true
end

local function closePaces()
  for endpoint, pace in pairs(paces) do
    if pace.changed then
      local set, gone = {}, {}
      for _, field in ipairs({ 'trouble', 'troubleCode', unpack(paceFields) }) do
        if pace[field] == nil then
          if pace.stored[field] ~= nil then gone[#gone + 1] = field end
        elseif pace[field] ~= pace.stored[field] then
          set[#set + 1] = field
          set[#set + 1] = pace[field]
        end
      end
      if #set > 0 then call('HSET', PACE[endpoint], unpack(set)) end
      if #gone > 0 then call('HDEL', PACE[endpoint], unpack(gone)) end
    end
  end
end
closing.paces = closePaces
