-- What an operator's scripts share. An operation has an id of its own, kept on the purge: sent twice, it answers
-- the second time as it did the first, though the state it asked for is gone.
--@include books

local function operated(word, purge)
  return { word, cjson.encode(purge), budgetReply() }
end

local function finish(purge)
  purge.operation = input.operation
  save(purge)
  closeAll()
  return operated('done', purge)
end
