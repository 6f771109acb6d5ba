-- A lane of the sweep rests while nothing can be done in it. What waits for days (held until the month turns, unknown
-- until an operator decides, behind a breaker) would otherwise cost a whole run each minute: a million commands a
-- month, twice what Upstash gives for nothing.
--
--   nothing to lease ──► rest:<lane> says until when ──► sweeps read that, and go home
--   something enters one of the lane's queues, or its pace is free again ──► no rest any more
--
-- While something waits in it, a lane rests a quarter of an hour at most, since settings may change meanwhile: a
-- quota that was raised is noticed by then. An empty lane has nothing to notice and rests for hours.
--@include setup

local LONGEST_REST, EMPTY_REST = policy.timings.longestRestMs, policy.timings.emptyRestMs
local woken = {}

local function wake(lane) woken[lane] = true end

-- Nothing can be done in this lane before wakeAt (absent: it is empty). No rest where the next sweep is due first.
local function rest(lane, wakeAt)
  local untilAt = wakeAt and math.floor(math.min(wakeAt, now + LONGEST_REST, books.endsAt)) or now + EMPTY_REST
  if untilAt - now <= MINUTE then return end
  woken[lane] = nil
  call('SET', family.rest .. lane, string.format('%.0f', untilAt), 'PX', untilAt - now)
end

local function closeRests()
  local keys = {}
  for lane in pairs(woken) do keys[#keys + 1] = family.rest .. lane end
  if #keys > 0 then call('DEL', unpack(keys)) end
end
