-- What all instances together may ask of one ImageKit endpoint now: a token bucket, the pause that a 429 asked for, the
-- breaker that a 401 or 403 opens, and the breaker that consecutive lost answers open. `openPace` reads a pace, the
-- functions below change it in memory, and `closePaces` writes it.
--@include rests
--@include failure
--@exports openPace, allowance, draw, paceWell, paceThrottled, paceDoubtful, paceBlocked, paceTroubled

local paces = {}
local paceFields = { 'tokens', 'filledAt', 'notBefore', 'throttledSince', 'blockedBy', 'blockedSince', 'probeAt',
  'troubleSince', 'doubts', 'doubtsSince' }

function openPace(lane)
  if paces[lane] then return paces[lane] end
  local values = call('HMGET', PACE[lane], 'trouble', 'troubleCode', unpack(paceFields))
  local pace = { trouble = values[1] or nil, troubleCode = values[2] or nil }
  for i, field in ipairs(paceFields) do pace[field] = tonumber(values[i + 2]) end
  pace.stored = { trouble = pace.trouble, troubleCode = pace.troubleCode }
  for _, field in ipairs(paceFields) do pace.stored[field] = pace[field] end
  local rate = policy.rates[lane]
  if rate then
    local elapsed = math.max(0, now - (pace.filledAt or 0))
    pace.tokens = math.min(rate.burst, (pace.tokens or rate.burst) + elapsed * rate.perSecond / SECOND)
    pace.filledAt = now
  end
  paces[lane] = pace
  return pace
end

-- Whether a breaker stops all calls but a probe every few minutes.
local function isBreakerOpen(pace) return pace.blockedBy or (pace.doubts or 0) >= policy.doubtsThatOpen end

-- When the next probe may go. Every probe costs Redis commands, so the pauses grow with the outage.
local function probeAfter(since)
  local pauseMs = math.floor((now - (since or now)) / 8)
  return now + math.max(timings.probeIntervalMs, math.min(timings.longestProbeIntervalMs, pauseMs))
end

-- How long ImageKit has answered only 429; 0 if the last 429 is long ago, because everything due has been tried since.
local function throttledFor(pace)
  if not pace.throttledSince or now - (pace.notBefore or 0) >= timings.throttleLullMs then return 0 end
  return now - pace.throttledSince
end

-- How many calls may begin now, at most limit, and when to ask again if these are fewer.
function allowance(lane, limit)
  local pace, rate = openPace(lane), policy.rates[lane]
  if isBreakerOpen(pace) then
    if now < (pace.probeAt or 0) then return 0, pace.probeAt end
    return math.min(limit, 1), now + timings.probeIntervalMs
  end
  if pace.notBefore and now < pace.notBefore then return 0, pace.notBefore end
  if throttledFor(pace) >= timings.throttleTrialMs then limit = math.min(limit, 1) end
  if not rate then return limit, now end
  local free = math.min(limit, math.floor(pace.tokens))
  -- Ask again when a second's tokens are there, not for every single token.
  local worthwhile = math.max(1, math.min(limit - free, math.floor(rate.perSecond)))
  local missing = worthwhile - (pace.tokens - free)
  return free, now + math.max(1, math.ceil(missing * SECOND / rate.perSecond))
end

function draw(lane, calls)
  local pace = openPace(lane)
  if calls > 0 and isBreakerOpen(pace) then pace.probeAt = probeAfter(pace.blockedSince or pace.doubtsSince) end
  if pace.tokens and policy.rates[lane] then pace.tokens = pace.tokens - calls end
  pace.changed = pace.changed or calls > 0
end

-- ImageKit accepted a call, so the breakers close. A pause that a 429 asked for stays: the accepted call may have been
-- sent before that 429.
function paceWell(lane)
  local pace = openPace(lane)
  if not (pace.blockedBy or pace.throttledSince or pace.trouble or pace.doubts) then return end
  pace.throttledSince, pace.blockedBy, pace.blockedSince, pace.probeAt = nil, nil, nil, nil
  pace.trouble, pace.troubleCode, pace.troubleSince, pace.doubts, pace.doubtsSince = nil, nil, nil, nil, nil
  pace.changed = true
  wake(lane)
end

-- 429: all instances wait as long as X-RateLimit-Reset says, at least 1 s and at most 60 s; 10 s without that header.
-- After an hour of 429 the pause grows like a breaker's.
function paceThrottled(lane, resetMs)
  local pace = openPace(lane)
  -- Due purges are tried every minute, so nothing was due during the lull. This 429 begins a new series.
  if pace.notBefore and now - pace.notBefore >= timings.throttleLullMs then pace.throttledSince = nil end
  pace.throttledSince = pace.throttledSince or now
  local untilAt = now + math.min(60 * SECOND, math.max(SECOND, math.ceil(resetMs or 10 * SECOND)))
  if now - pace.throttledSince >= timings.lastingThrottleMs then untilAt = probeAfter(pace.throttledSince) end
  pace.notBefore = math.max(pace.notBefore or 0, untilAt)
  pace.changed = true
end

-- An answer was lost. One may be chance; several in a row are an outage that would use up the quota.
function paceDoubtful(lane)
  local pace = openPace(lane)
  pace.doubts, pace.doubtsSince = (pace.doubts or 0) + 1, pace.doubtsSince or now
  if isBreakerOpen(pace) then pace.probeAt = probeAfter(pace.doubtsSince) end
  pace.changed = true
end

-- 401 or 403: ImageKit rejects the key, so only a probe goes out every few minutes.
function paceBlocked(lane, status)
  local pace = openPace(lane)
  pace.blockedBy, pace.blockedSince = status, pace.blockedSince or now
  pace.probeAt = probeAfter(pace.blockedSince)
  pace.changed = true
end

-- An operator should know: ImageKit cannot be reached, or gives an undocumented answer.
function paceTroubled(lane, code, message)
  local pace = openPace(lane)
  if pace.troubleCode ~= code then pace.troubleSince = now end
  pace.trouble, pace.troubleCode, pace.changed = message, code, true
end

local function closePaces()
  for lane, pace in pairs(paces) do
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
      if #set > 0 then call('HSET', PACE[lane], unpack(set)) end
      if #gone > 0 then call('HDEL', PACE[lane], unpack(gone)) end
    end
  end
end
closing.paces = closePaces
