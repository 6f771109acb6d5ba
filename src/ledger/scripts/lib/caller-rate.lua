-- The caller's token bucket, before the script's own lines. It is kept as the one moment at which it is full again:
--
--   tokens = burst - (fullAt - now) * rate        absent: full        two commands, and it expires by itself
--@include setup

-- Takes tokens (absent: one) from a bucket; gives the milliseconds until it has them when there are too few.
local function overRate(name, rate, tokens)
  local key, perToken = family.rate .. name, SECOND / rate.perSecond
  local longest = rate.burst * perToken
  -- No later than an empty bucket would be: the clock may have been set back, or the rate changed.
  local fullAt = math.min(math.max(now, tonumber(call('GET', key) or now)), now + longest)
  local cost = (tokens or 1) * perToken
  local over = fullAt + cost - (now + longest)
  if over > 0 then return tostring(math.ceil(over)) end
  call('SET', key, string.format('%.3f', fullAt + cost), 'PX', math.ceil(fullAt + cost - now))
  return nil
end

-- Gives the refusal, or nothing when the caller may go on or nobody is to be charged.
local function chargeCaller()
  local over = policy.caller and overRate(policy.caller.name, policy.caller)
  return over and { 'rate-limited', over, 'calls' } or nil
end
