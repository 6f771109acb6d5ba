-- Requests of the drop-in endpoint, which serves ImageKit's own purge API. Each asks for one purge.
--
-- A purge has one id there (`dropInId`), however many ask for it. `family.dropIn` leads from it to the purge: the key
-- is written with the record and lives as long (lib/buffer.lua).
--
-- ImageKit's SDKs send a request again when no usable answer came, and say so, but not which request it was. So
-- `family.given` remembers which purge an actor was given for a target, for as long as an SDK may take:
--
--   request ──► purge given ──sent──► answer lost ──► resend ──► the same purge, whatever became of it
--                    └──────────── at most resendWindowMs ───────────┘
--
-- A first request that is refused forgets it: its resend asks for a newer save than the one that was given.
--@include joins
--@exports findGiven, rememberGiven, forgetGiven, nameDropIn

local RESEND_WINDOW = policy.timings.resendWindowMs

local function givenKey() return family.given .. input.purges[1].target .. ':' .. input.actor end

-- The purge that this resend is given. nil if it is none, or nothing was given lately.
function findGiven()
  local id = input.dropIn and input.dropIn.isResend and call('GET', givenKey())
  local purge = id and load(id)
  if not purge then return nil end
  return (isTerminal(purge.state) or #purge.batches < MOST_BATCHES) and purge or nil
end

-- Whether this request was given a purge.
local wasGiven = false

-- A resend does not prolong the time, or resends could follow each other without end.
function rememberGiven(id, isGivenAgain)
  if not input.dropIn then return end
  wasGiven = true
  if not isGivenAgain then call('SET', givenKey(), id, 'PX', RESEND_WINDOW) end
end

-- The batch is there if this is the instance's own second try.
function forgetGiven()
  if wasGiven or not input.dropIn or input.dropIn.isResend then return end
  if call('EXISTS', family.batch .. input.batchId) == 0 then call('DEL', givenKey()) end
end

-- The purge keeps the first id that it was given. Does not save.
function nameDropIn(purge)
  if input.dropIn then purge.dropInId = purge.dropInId or input.dropIn.id end
end
