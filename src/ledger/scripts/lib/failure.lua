-- Redis does not roll back a script that fails half-way because of a broken key or a bug. Records, books and counts
-- stay in memory until the end. So a script that fails writes them as they were when the last record was saved: they
-- agree, and one broken purge does not keep others from being settled. A reservation is all or nothing instead, until
-- its batch is written.
--@include setup
--@exports closing, kept, keepNothing, keepFromHere, keepStep, closeAll, closeAfterFailure

-- The functions that write books, records and paces. The file of each sets its own.
closing = {}
local isAllOrNothing = false

function keepNothing() isAllOrNothing = true end

function keepFromHere() isAllOrNothing = false end

local function copyOf(value)
  if type(value) ~= 'table' then return value end
  local copy = {}
  for key, item in pairs(value) do copy[key] = copyOf(item) end
  return copy
end

-- Keeps the counts and figures that belong to the records saved so far.
function keepStep()
  kept = { moved = copyOf(moved), reserved = books and books.reserved, spentBy = books and copyOf(books.spentBy) }
end

-- Writes what this run changed. Books come first: if they cannot be written, nothing else is. After that, a broken key
-- does not keep the others from being written.
function closeAll()
  closing.books()
  local failure
  for _, close in ipairs({ closing.records or false, closing.paces or false }) do
    local isDone, reason = true, nil
    if close then isDone, reason = pcall(close) end
    if not isDone then failure = failure or reason end
  end
  if failure then error(failure, 0) end
end

function closeAfterFailure()
  if isAllOrNothing or not kept or not books or books.closed then return end
  moved, books.reserved, books.spentBy = kept.moved, kept.reserved, kept.spentBy
  pcall(closeAll)
end
