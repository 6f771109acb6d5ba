-- Token buckets of a caller: its calls (charged before the script decides) and its storage. Redis stores only the time
-- at which a bucket is full again. That takes two commands, and the key expires automatically:
--
--   tokens = burst - (fullAt - now) * rate        absent: full
--@include setup
--@exports overRate, chargeCaller

-- Takes tokens (absent: one) from a bucket. If there are too few, returns the milliseconds until there are enough.
function overRate(name, rate, tokens)
  local key, perToken = family.rate .. name, SECOND / rate.perSecond
  local longest = rate.burst * perToken
  -- At most as late as for an empty bucket: the clock may have been set back, or the rate changed.
  local fullAt = math.min(math.max(now, tonumber(call('GET', key) or now)), now + longest)
  local cost = (tokens or 1) * perToken
  local over = fullAt + cost - (now + longest)
  if over > 0 then return tostring(math.ceil(over)) end
  call('SET', key, string.format('%.3f', fullAt + cost), 'PX', math.ceil(fullAt + cost - now))
  return nil
end

-- Returns the refusal; nil if the caller may go on, or if no caller is charged.
function chargeCaller()
  local over = policy.caller and overRate(policy.caller.name, policy.caller)
  return over and { 'rate-limited', over, 'calls' } or nil
end
