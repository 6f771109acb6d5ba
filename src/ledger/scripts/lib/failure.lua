-- Redis does not roll back a script that fails half-way: over a broken key, or a slip of ours. Each record is written
-- whole, at once; what the books and the counts owe it stays in memory until the end. So a failing script writes that
-- too, as it was when the last record was saved: books and records agree, and the step that failed is not counted.
--@include setup

-- What to write then; filled by the files that know how.
local afterFailure = {}
local kept

local function copyOf(value)
  if type(value) ~= 'table' then return value end
  local copy = {}
  for key, item in pairs(value) do copy[key] = copyOf(item) end
  return copy
end

-- Everything up to here belongs together with the records saved so far.
local function keepStep()
  kept = { moved = copyOf(moved), reserved = books and books.reserved, spentBy = books and copyOf(books.spentBy) }
end

local function closeAfterFailure()
  if not kept or not books or books.closed then return end
  moved, books.reserved, books.spentBy = kept.moved, kept.reserved, kept.spentBy
  for _, close in ipairs(afterFailure) do pcall(close) end
end
