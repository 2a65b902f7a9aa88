-- Put before scripts that write records: scripts cannot share code in Redis.
--
-- Longest record, in bytes. Of one that grows past it, lines in the middle are left out: the first attempt says how it
-- began, the last ones how it stands.
local MAX_RECORD, KEPT_FIRST, KEPT_LAST = 1400, 300, 700

local function shorten_record(text)
  local header_end = string.find(text, '\n', 1, true)
  local first_end = string.find(text, '\n', math.max(KEPT_FIRST, header_end + 1), true)
  local last_start = string.find(text, '\n', #text - KEPT_LAST, true)
  if last_start <= first_end then
    return text
  end
  local head, middle, tail = string.sub(text, 1, first_end), string.sub(text, first_end + 1, last_start),
    string.sub(text, last_start + 1)
  local left = 0
  for line in string.gmatch(middle, '[^\n]+') do
    left = left + (tonumber(string.match(line, '^~\t(%d+)$')) or 1)
  end
  return head .. '~\t' .. left .. '\n' .. tail
end

-- Adds lines to an event's record, and makes it where there is none.
--
-- root: what the keys of the organisation's records begin with, see keys.ts
-- header: its first line; '' where nothing is recorded   lines: what happened, each ending in a newline
-- is_open: whether the event has still to be settled
local function note_record(root, job, header, lines, is_open)
  if header == '' then
    return
  end
  local record, open = root .. ':' .. job, root .. '-open'
  local resource, received = string.match(header, '^1\t[^\t]*\t([^\t]*)\t(%d+)')
  if redis.call('SET', record, header .. '\n' .. lines, 'NX') then
    redis.call('ZADD', root .. '-times', received, job)
    redis.call('APPEND', root .. '-of:' .. resource, job .. '\n')
  else
    if redis.call('APPEND', record, lines) > MAX_RECORD then
      redis.call('SET', record, shorten_record(redis.call('GET', record)))
    end
    if not is_open then
      redis.call('ZREM', open, job)
    end
  end
  if is_open then
    redis.call('ZADD', open, received, job)
  end
end
