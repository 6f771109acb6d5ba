-- The edge check of a purge: whether the CDN serves a newer copy once the purge is completed. `edge` in its record:
--
--   waiting ──Completed──► in CHECKS, due 5 s, 60 s and 5 min later ──a reading decides──► fresh, unchanged, …
--                                                                          └─► stale: an alarm, in CHECKS for a day
--
-- A check never changes the purge's state, its units, or what is sent.
--@include record

function edgeCheck.isWaiting(purge) return purge.edge ~= nil and purge.edge.outcome == 'waiting' end

-- Whether readings of the edge are due now or later. Without both times none could decide the check.
function edgeCheck.isDue(purge)
  return purge.state == 'completed' and edgeCheck.isWaiting(purge)
    and type(purge.sentAt) == 'number' and type(purge.completedAt) == 'number'
end

-- Nothing was sent that ImageKit may have.
function edgeCheck.isUnsent(purge)
  return (purge.state == 'queued' or purge.state == 'held') and not purge.spentUnits
end

-- A request asks for a check (absent: it does not) of a purge that is not sent yet. It may also say when the content
-- changed. A time still ahead comes from a clock that runs ahead, and says nothing of the time by ours.
function edgeCheck.ask(purge, check, changedAt)
  if not edgeCheck.isUnsent(purge) then return end
  if check and not purge.edge then
    purge.edge = { outcome = check.outcome, url = check.url, cause = check.cause, tries = 0 }
  end
  if purge.edge and changedAt and changedAt <= now then purge.changedAt = math.max(purge.changedAt or 0, changedAt) end
end

-- The URL to read beside a send of this token. After a send that ImageKit may have, it is too late to see what was
-- served before.
function edgeCheck.readBeside(purge, token)
  if purge.resent or not edgeCheck.isWaiting(purge) or purge.edge.before then return nil end
  purge.edge.besideSend = token
  return purge.edge.url
end

-- Keeps what the edge served beside the send of this token, once, if that send is the one that counts. Returns whether
-- it did.
function edgeCheck.keepBefore(purge, token, before)
  local edge = purge.edge
  if not edgeCheck.isWaiting(purge) or edge.besideSend ~= token then return false end
  if not edgeCheck.isReading(before) then return false end
  edge.before, edge.besideSend = before, nil
  return true
end

-- The send did not arrive: what is served beside the next one counts. A resend is not read beside, because the first
-- send may have arrived.
function edgeCheck.forgetBefore(purge)
  if purge.edge and not purge.resent then purge.edge.before, purge.edge.besideSend = nil, nil end
end

function edgeCheck.enqueue(purge, dueAt)
  purge.edge.nextAt = dueAt
  wake('check')
  movesOf(purge).place = { queue = CHECKS, score = dueAt }
end

-- Ends the alarm about a stale copy. Does not save.
function edgeCheck.endStale(purge, by, text, kind)
  endAlarm(purge)
  leave(purge, CHECKS)
  note(purge, by, text, kind)
end

-- When the alarm about a stale copy ends, if nothing ends it before.
local function staleUntil(purge) return (purge.edge and purge.edge.checkedAt or now) + timings.staleAlarmMs end

-- The old copy is still served: an alarm, unless a newer purge of the target sees to that already. The purge stays in
-- CHECKS until its alarm ends. It gets the pointer for as long: the next purge of the target finds it there and ends
-- the alarm. Requests for now do not find the pointer of a scheduled purge, so it gets another one. Does not save.
function edgeCheck.raiseStale(purge)
  local pointer = family.target .. (purge.unscheduled or purge.target)
  local id = call('GET', pointer)
  local holder = id and id ~= purge.id and load(id)
  if holder and (holder.sentAt or now) > purge.sentAt then return end
  if holder and holder.alarm == 'stale' then
    edgeCheck.endStale(holder, SERVICE, 'A later purge of its URL shows the same, so its alarm ended.')
    save(holder)
  end
  raiseAlarm(purge, 'stale')
  movesOf(purge).place = { queue = CHECKS, score = staleUntil(purge) }
  call('SET', pointer, purge.id, 'PX', timings.staleAlarmMs)
end

-- The purge that ended this one's alarm did not complete: the alarm begins again for the rest of its day.
function edgeCheck.raiseStaleAgain(id)
  local purge = load(id)
  local wasStale = purge and purge.edge and purge.edge.outcome == 'stale'
  if not wasStale or purge.alarm or staleUntil(purge) <= now then return end
  edgeCheck.raiseStale(purge)
  wake('check')
  note(purge, SERVICE, 'The purge that followed did not complete, so the alarm began again.')
  save(purge)
end

-- A key of another type holds no checks, and no unit depends on it. An audit fills a new queue from the records.
function edgeCheck.mendQueue()
  local kind = call('TYPE', CHECKS).ok
  if kind ~= 'zset' and kind ~= 'none' then call('DEL', CHECKS) end
end

-- Whether the purge belongs in CHECKS.
function edgeCheck.isQueued(purge) return edgeCheck.isDue(purge) or purge.alarm == 'stale' end

-- Puts it into CHECKS. It was lost, or an older deployment, which knows no checks, completed the purge.
function edgeCheck.putBack(purge)
  local edge = purge.edge
  if edgeCheck.isDue(purge) then
    edgeCheck.enqueue(purge, edge.nextAt or purge.completedAt + timings.checkAfterMs[1])
  else
    movesOf(purge).place = { queue = CHECKS, score = staleUntil(purge) }
    wake('check')
  end
  save(purge)
end

-- The purge is completed. Does not save.
function edgeCheck.start(purge)
  if edgeCheck.isWaiting(purge) then edgeCheck.enqueue(purge, now + timings.checkAfterMs[1]) end
end
