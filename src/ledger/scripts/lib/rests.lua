-- A lane of the sweep rests while nothing can be done in it. Purges may wait for days: held until the month turns,
-- unknown until an operator decides, or behind a breaker. Without rests they would cost a whole run every minute: a
-- million commands a month, twice what Upstash gives free.
--
--   nothing to lease ──► rest:<lane> says until when ──► sweeps read it and skip the lane
--   a purge enters one of the lane's queues, or its pace is free again ──► the rest ends
--
-- A lane in which purges wait rests at most 15 minutes, because settings may change: a raised quota takes effect by
-- then. An empty lane rests for six hours.
--@include setup
--@exports wake, restUntil, rest, closeRests

local woken = {}

function wake(lane) woken[lane] = true end

-- No rest if it would end before the next sweep.
function restUntil(lane, untilAt)
  if untilAt - now <= MINUTE then return end
  woken[lane] = nil
  call('SET', family.rest .. lane, string.format('%.0f', untilAt), 'PX', untilAt - now)
end

-- Nothing can be done in this lane before wakeAt (absent: it is empty).
function rest(lane, wakeAt)
  local longest = now + timings.longestRestMs
  restUntil(lane, wakeAt and math.floor(math.min(wakeAt, longest, books.endsAt)) or now + timings.emptyRestMs)
end

function closeRests()
  local keys = {}
  for lane in pairs(woken) do keys[#keys + 1] = family.rest .. lane end
  if #keys > 0 then call('DEL', unpack(keys)) end
end
