-- One page of purges, newest first. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  state?, text?, actor?, batchId?, from? (ms, inclusive), to? (ms, exclusive), limit, scanLimit (purges),
--          cursor?: { createdAt, id }
-- Replies  'page', the cursor of the next page (JSON) or '', then the records (JSON)
--@include setup
--@include run

return run(function()
  local CHUNK = 250

  -- Text that a matching record's JSON must contain. Searching for it is far cheaper than decoding each record.
  local needles = {}
  if input.state then needles[#needles + 1] = '"state":' .. cjson.encode(input.state) end
  if input.actor then needles[#needles + 1] = '"actor":' .. cjson.encode(input.actor) end
  local text = input.text and string.lower(string.sub(cjson.encode(input.text), 2, -2))

  -- The JSON of a field's string, up to its first quote; nil if there is no such field.
  local function fieldOf(raw, name)
    local _, before = string.find(raw, '"' .. name .. '":"', 1, true)
    return before and string.sub(raw, before + 1, string.find(raw, '"', before + 1, true) - 1)
  end

  local function mayMatch(raw)
    for _, needle in ipairs(needles) do
      if not string.find(raw, needle, 1, true) then return false end
    end
    if not text then return true end
    local shown = fieldOf(raw, 'maskedUrl') or fieldOf(raw, 'url')
    return string.sub(shown, -1) == '\\' or string.find(string.lower(shown), text, 1, true)
  end

  -- The batch lists its purges. A purge that had ended before the batch joined it does not list the batch.
  local ofBatch = {}
  if input.batchId then
    local ids = call('HGET', family.batch .. input.batchId, 'purges')
    for _, id in ipairs(ids and cjson.decode(ids) or {}) do ofBatch[id] = true end
  end

  local function matches(purge)
    if input.state and purge.state ~= input.state then return false end
    if input.actor and purge.actor ~= input.actor then return false end
    if input.from and purge.createdAt < input.from then return false end
    if input.to and purge.createdAt >= input.to then return false end
    if input.text then
      local shown = string.lower(purge.maskedUrl or purge.url)
      if not string.find(shown, string.lower(input.text), 1, true) then return false end
    end
    return true
  end

  local rank, gone = 0, false
  if input.to then rank = call('ZCOUNT', INDEX, input.to, '+inf') end
  if input.cursor then
    local after = call('ZREVRANK', INDEX, input.cursor.id)
    -- The purge may have left the index. Then go on at its time, after those of the same time that came before it.
    gone = not after
    local from = after and after + 1 or call('ZCOUNT', INDEX, '(' .. input.cursor.createdAt, '+inf')
    rank = math.max(rank, from)
  end
  local last = rank + input.scanLimit
  local floor = input.from and call('ZCOUNT', INDEX, input.from, '+inf')
  if floor then last = math.min(last, floor) end

  local records, cursor, scanned = {}, nil, nil
  while rank < last and not cursor do
    local members = call('ZREVRANGE', INDEX, rank, math.min(rank + CHUNK, last) - 1, 'WITHSCORES')
    if #members == 0 then rank = last; scanned = nil; break end
    local keys = {}
    for i = 1, #members, 2 do keys[#keys + 1] = family.purge .. members[i] end
    for i, raw in ipairs(call('MGET', unpack(keys))) do
      scanned = { id = members[2 * i - 1], createdAt = tonumber(members[2 * i]) }
      rank = rank + 1
      local shown = gone and scanned.createdAt == input.cursor.createdAt and scanned.id > input.cursor.id
      local isWanted = not input.batchId or ofBatch[scanned.id]
      if raw and isWanted and not shown and mayMatch(raw) and matches(cjson.decode(raw)) then
        records[#records + 1] = raw
        if #records == input.limit then cursor = scanned; break end
      end
    end
  end
  cursor = cursor or scanned
  -- Nothing follows the cursor: this is the last page.
  if cursor and rank >= (floor or call('ZCARD', INDEX)) then cursor = nil end

  local reply = { 'page', cursor and cjson.encode(cursor) or '' }
  for i, raw in ipairs(records) do reply[i + 2] = raw end
  return reply
end)
