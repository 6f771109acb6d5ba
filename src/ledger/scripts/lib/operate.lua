-- What the operator's scripts share. The purge keeps the id of its latest operation. So an operation that is sent twice
-- gets 'done' twice, though its first run has changed the state that it needs.
--@include books
--@exports operated, finish

function operated(word, purge)
  return { word, cjson.encode(purge), budgetReply() }
end

function finish(purge)
  purge.operation = input.operation
  save(purge)
  closeAll()
  return operated('done', purge)
end
