-- The budget, the purges that these targets would join, and those that the actor repeats too often. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  targets (names of pointers, 64 characters each, one after the other), repeats (the names under which their
--          repetitions count, 16 characters each), actor, changedAt? (ms), isScheduled?
-- Replies  'plan', budget (JSON), what would be joined (JSON: pairs of a target's place from 1 and a purge's id), what
--          repeats too often (JSON: pairs of a target's place from 1 and since when, in ms)
--@include books
--@include joins
--@include repeats
--@include run

local function split(text, length)
  local parts = {}
  for from = 1, #text, length do parts[#parts + 1] = string.sub(text, from, from + length - 1) end
  return parts
end

return run(function()
  openBooks()
  local targets, names = split(input.targets, 64), split(input.repeats, 16)
  local found, repeats = findJoins(targets, input.changedAt, input.isScheduled), readRepeats(input.actor, names)
  local joins, repeating = {}, {}
  for i in ipairs(targets) do
    local since = not found[i] and repeatedSince(repeats, names[i])
    if found[i] then
      joins[#joins + 1] = { i, found[i].id }
    elseif since then
      repeating[#repeating + 1] = { i, since }
    end
  end
  return { 'plan', budgetReply(), cjson.encode(joins), cjson.encode(repeating) }
end)
