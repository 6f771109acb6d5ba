-- One page of purges, newest first. Writes nothing.
--
-- KEYS     all of the ledger's (keys.ts)
-- ARGV[2]  state?, open? (only purges that have not ended), scheduled? (only those whose `sendAt` is still ahead),
--          text? (as typed), urlText? (the same as in a URL), actor?, batchId?, edge? (an outcome, 'waiting'
--          or 'unproven'), from? (ms, inclusive), to? (ms, exclusive), limit, scanLimit (purges),
--          cursor?: { createdAt, id }
-- Replies  'page', the cursor of the next page (JSON) or '', then the records (JSON)
--@include setup
--@include sound
--@include run

return run(function()
  local CHUNK = 250

  -- Text that a matching record's JSON must contain. Searching for it is far cheaper than decoding each record.
  local needles = {}
  if input.state then needles[#needles + 1] = '"state":' .. cjson.encode(input.state) end
  if input.edge then needles[#needles + 1] = '"edge":' end
  if input.edge and input.edge ~= 'unproven' then needles[#needles + 1] = '"outcome":' .. cjson.encode(input.edge) end
  if input.scheduled then needles[#needles + 1] = '"sendAt":' end
  if input.actor then needles[#needles + 1] = '"actor":' .. cjson.encode(input.actor) end
  local function inJson(text) return text and string.lower(string.sub(cjson.encode(text), 2, -2)) end
  local text, urlText = inJson(input.text), inJson(input.urlText)
  local typed, typedUrl = input.text and string.lower(input.text), input.urlText and string.lower(input.urlText)

  -- The JSON of a field's string, up to its first quote; nil if there is no such field.
  local function fieldOf(raw, name)
    local _, before = string.find(raw, '"' .. name .. '":"', 1, true)
    return before and string.sub(raw, before + 1, string.find(raw, '"', before + 1, true) - 1)
  end

  local function mayContain(raw, name)
    local field = fieldOf(raw, name)
    if not field then return false end
    field = string.lower(field)
    local isCut = string.sub(field, -1) == '\\'
    return isCut or string.find(field, text, 1, true) or string.find(field, urlText, 1, true)
  end

  local function mayMatch(raw, id)
    for _, needle in ipairs(needles) do
      if not string.find(raw, needle, 1, true) then return false end
    end
    -- Only what has ended has this field.
    if input.open and string.find(raw, '"endedAt":', 1, true) then return false end
    if not text then return true end
    if string.find(id, text, 1, true) or string.find(raw, '"' .. text .. '"', 1, true) then return true end
    for _, name in ipairs({ 'maskedUrl', 'url', 'reason', 'batchId', 'imagekitRequestId' }) do
      if mayContain(raw, name) then return true end
    end
    return false
  end

  -- The batch lists its purges. A purge that had ended before the batch joined it does not list the batch.
  local ofBatch = {}
  if input.batchId then
    local ids = call('HGET', family.batch .. input.batchId, 'purges')
    for _, id in ipairs(ids and cjson.decode(ids) or {}) do ofBatch[id] = true end
  end

  local function contains(field, sought) return field and string.find(string.lower(field), sought, 1, true) end

  -- Whether a field that readers see has the text. A batch that joined the purge is found by its whole id.
  local function hasText(purge)
    local url = purge.maskedUrl or purge.url
    if contains(url, typed) or contains(url, typedUrl) then return true end
    for _, name in ipairs({ 'reason', 'id', 'batchId', 'imagekitRequestId', 'dropInId' }) do
      if contains(purge[name], typed) then return true end
    end
    for _, batch in ipairs(purge.batches) do
      if batch.id == typed then return true end
    end
    return false
  end

  -- An older deployment leaves the check on a purge that ended without Completed.
  local function hasOutcome(purge)
    local isCompleted, outcome = purge.state == 'completed', type(purge.edge) == 'table' and purge.edge.outcome
    if input.edge == 'unproven' then
      return isCompleted and outcome and outcome ~= 'waiting' and outcome ~= 'fresh' and outcome ~= 'gone'
    end
    return outcome == input.edge and (isCompleted or not purge.endedAt)
  end

  local function matches(purge)
    if input.open and purge.endedAt then return false end
    local isScheduled = (purge.state == 'queued' or purge.state == 'held') and (purge.sendAt or 0) > now
    if input.scheduled and not isScheduled then return false end
    if input.state and purge.state ~= input.state then return false end
    if input.actor and purge.actor ~= input.actor then return false end
    if input.edge and not hasOutcome(purge) then return false end
    if input.from and purge.createdAt < input.from then return false end
    if input.to and purge.createdAt >= input.to then return false end
    if typed and not hasText(purge) then return false end
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
      local purge = raw and isWanted and not shown and mayMatch(raw, scanned.id) and decodePurge(raw)
      if purge and matches(purge) then
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
