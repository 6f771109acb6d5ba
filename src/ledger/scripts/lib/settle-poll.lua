-- Settles the answers to status polls, and checks all settlements before the first one is written.
--@include settle
--@exports checkSettlements, settlePoll

-- What each outcome of a status poll means for the pace of polls. `settlePoll` handles the purge.
local polled = {
  completed = function() paceWell('poll') end,
  pending = function() paceWell('poll') end,
  ['unknown-id'] = function() paceWell('poll') end,
  throttled = function(result) paceThrottled('poll', result.resetMs) end,
  unauthorized = function(result) paceBlocked('poll', result.status) end,
  unexpected = function(result) paceTroubled('poll', 'unexpected', describe(result)) end,
  unreachable = function(result) paceTroubled('poll', 'unreachable', result.message) end,
  failed = function() end,
  unsent = function() end,
}

-- Refuses unknown outcomes before the first settlement is written, because Redis does not roll a script back.
function checkSettlements(settlements)
  for _, settlement in ipairs(settlements) do
    local result = settlement.result
    local outcomes = settlement.lane == 'send' and sent or polled
    if not outcomes[result.outcome] then error('BADINPUT no such outcome: ' .. tostring(result.outcome)) end
    if type(result.message) ~= 'string' then result.message = '' end
    if type(result.resetMs) ~= 'number' then result.resetMs = nil end
  end
end

function settlePoll(purge, settlement)
  local result, token = settlement.result, settlement.token
  if purge.imagekitRequestId ~= settlement.imagekitRequestId then return end
  if purge.state ~= 'pending' and purge.state ~= 'overdue' then return end
  if not settleOnce(purge, token) then return end
  if result.outcome == 'unsent' then
    enqueue(purge, now)
    return save(purge)
  end
  polled[result.outcome](result)
  local outcome = result.outcome
  local answered = outcome == 'completed' or outcome == 'pending' or outcome == 'unknown-id'
  if answered then purge.checks = purge.checks + 1 end
  local age = now - purge.acceptedAt
  if result.outcome == 'completed' then
    purge.completedAt, purge.error = now, nil
    move(purge, 'completed', 'imagekit', 'ImageKit says Completed.')
    edgeCheck.start(purge)
  elseif (answered or outcome == 'failed') and age >= timings.abandonAfterMs then
    giveUp(purge, 'ImageKit did not say Completed within 24 hours; its status is no longer checked.')
  else
    if age >= timings.overdueAfterMs and purge.state == 'pending' then
      purge.error = { code = 'overdue', message = 'ImageKit did not say Completed within 15 minutes.' }
      move(purge, 'overdue', SERVICE, 'Not Completed after 15 minutes: time to ask ImageKit\'s support.')
    end
    enqueue(purge, nextPollAt(purge))
  end
  save(purge)
end
