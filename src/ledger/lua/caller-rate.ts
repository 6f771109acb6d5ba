/**
 * The caller's token bucket, before the script's own lines. It is kept as the one moment at which it is full again:
 *
 *   tokens = burst - (fullAt - now) * rate        absent: full        two commands, and it expires by itself
 */
export const callerRate = /* lua */ `
-- Charges one token. Gives the refusal, or nothing when the caller may go on or nobody is to be charged.
local function chargeCaller()
  local caller = policy.caller
  if not caller then return nil end
  local key, perToken = family.rate .. caller.name, SECOND / caller.perSecond
  local longest = caller.burst * perToken
  -- No later than an empty bucket would be: the clock may have been set back, or the rate changed.
  local fullAt = math.min(math.max(now, tonumber(call('GET', key) or now)), now + longest)
  local over = fullAt + perToken - (now + longest)
  if over > 0 then return { 'rate-limited', tostring(math.ceil(over)) } end
  call('SET', key, string.format('%.3f', fullAt + perToken), 'PX', math.ceil(fullAt + perToken - now))
  return nil
end
`;
