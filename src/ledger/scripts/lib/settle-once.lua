-- A settlement that arrives twice changes nothing the second time: `settled` keeps the tokens of the last four.
--@include setup
--@exports settleOnce

-- Whether this settlement is new. Remembers its token.
function settleOnce(purge, token)
  local settled = purge.settled or {}
  for _, known in ipairs(settled) do
    if known == token then return false end
  end
  settled[#settled + 1] = token
  if #settled > 4 then table.remove(settled, 1) end
  purge.settled = settled
  return true
end
