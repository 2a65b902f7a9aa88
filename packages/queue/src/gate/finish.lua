-- Ends attempts: records what their handlers came to, frees the resources, and says what becomes of the jobs. Each of them
-- for itself, in the order in which they are given.
--
-- KEYS, four for each job: ledger, lock, turns, newest dates handled, by handler
-- ARGV[1] how long a settled event is remembered, ms; then for each job: its id, run token, run number, how
-- often it was found without its worker, date of the event in fixed width, what the run says of its end ('' where it came
-- to one, 'own' where the event ends its process, 'other' where it was stopped for another reason, 'unknown' where its
-- process stood still), the cause, number of handlers of the event, number of results, the names of the handlers, and for each result: handler, 'ok' | 'retry' | 'later' | 'dead', ms to wait, failures
-- by now, '1' where latestOnly, details
--
-- Returns for each job { 'settled' | 'waiting' | 'dead', next job of the resource or '', now, when the first handler is
-- due }: both by Redis's clock, in ms since 1970

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A success counts whoever has the lock by now.
local function note_newest(newest, name, date)
  local newer = redis.call('HGET', newest, name)
  if not newer or newer < date then
    redis.call('HSET', newest, name, date)
  end
  redis.call('PEXPIRE', newest, ARGV[1])
end

local function settle(ledger)
  redis.call('DEL', ledger)
  redis.call('HSET', ledger, '@', 'done')
  redis.call('PEXPIRE', ledger, ARGV[1])
end

-- A run that its process blames counts as lost, and comes back a little later. One that ran alone to its end has cleared
-- its event of suspicion. The record is described in begin.lua.
local BLAMED_DELAY = 2000
local function note_end(ledger, run_number, stalls, record, blame, cause)
  local seen, lost, alone, open, apart, suspect = string.match(record or '', '^(%d+)|(%d+)|(%d+)|(%d+)|(%d)|(%d)|')
  if blame == 'own' then
    local due = string.format('%.0f', now + BLAMED_DELAY)
    if not seen or open == run_number then
      open, apart = '0', '0'
    end
    redis.call('HSET', ledger, '!', table.concat({
      seen or stalls, (lost or 0) + 1, (alone or 0) + 1, open, apart, 1, due, cause,
    }, '|'))
    return tonumber(due)
  end
  if blame ~= '' then
    redis.call('HSET', ledger, '?', run_number .. '|' .. blame .. '|' .. cause)
  elseif seen and open == run_number then
    local cleared = apart == '1'
    redis.call('HSET', ledger, '!', seen .. '|' .. lost .. '|' .. (cleared and 0 or alone) .. '|0|0|'
      .. (cleared and 0 or suspect) .. '|0|')
  end
  return 0
end

-- The job's arguments are ARGV[first] and those after it; its results begin at ARGV[results] and end with ARGV[last].
local function finish(ledger, lock, turns, newest, first, results, last)
  local job, run_token, run_number, stalls = ARGV[first], ARGV[first + 1], ARGV[first + 2], ARGV[first + 3]
  local date, handlers = ARGV[first + 4], tonumber(ARGV[first + 7])
  local blame, cause = ARGV[first + 5], ARGV[first + 6]

  -- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
  redis.call('ZREM', turns, job)

  -- Whoever took the lock after it ended has a run of its own: then only successes count, and the lock is left alone.
  local owner = redis.call('GET', lock)
  local held = owner == job .. '|' .. run_number .. '|' .. run_token
  local following = ''
  if held then
    redis.call('DEL', lock)
  end
  if held or not owner then
    following = redis.call('ZPOPMIN', turns)[1] or ''
  end

  local succeeded = 0
  for i = results, last, 6 do
    if ARGV[i + 1] == 'ok' then
      succeeded = succeeded + 1
      if ARGV[i + 4] == '1' then
        note_newest(newest, ARGV[i], date)
      end
    end
  end
  -- What most events come to. Where something is on record, it may be of handlers that this worker does not have.
  if succeeded == handlers and redis.call('HLEN', ledger) == 0 then
    settle(ledger)
    return { 'settled', following, now, now }
  end

  -- The same call once more, after a reply that got lost.
  if redis.call('HGET', ledger, '@') == 'done' then
    return { 'settled', following, now, now }
  end
  for i = results, last, 6 do
    local name, state = ARGV[i], ARGV[i + 1]
    if state == 'ok' then
      redis.call('HSET', ledger, name, '+')
    elseif held and redis.call('HGET', ledger, name) ~= '+' then
      local due = string.format('%.0f', now + tonumber(ARGV[i + 2]))
      redis.call('HSET', ledger, name, state .. '|' .. ARGV[i + 3] .. '|' .. due .. '|' .. ARGV[i + 5])
    end
  end

  local entries = {}
  for i = first + 9, results - 1 do
    entries[ARGV[i]] = 'open|0|0|'
  end
  local flat = redis.call('HGETALL', ledger)
  for i = 1, #flat, 2 do
    entries[flat[i]] = flat[i + 1]
  end
  local crash_due = note_end(ledger, run_number, stalls, entries['!'], blame, cause)
  entries['@'], entries['!'], entries['?'] = nil, nil, nil
  local soonest, dead = nil, false
  for _, entry in pairs(entries) do
    if entry ~= '+' then
      local state, due = string.match(entry, '^(%a+)|%d+|(%d+)|')
      if state == 'dead' then
        dead = true
      else
        soonest = math.min(soonest or math.huge, tonumber(due))
      end
    end
  end

  if soonest then
    return { 'waiting', following, now, math.max(now, soonest, crash_due) }
  end
  if dead then
    redis.call('HSET', ledger, '@', 'dead|' .. stalls .. '|' .. run_number)
    return { 'dead', following, now, now }
  end
  settle(ledger)
  return { 'settled', following, now, now }
end

local replies, first = {}, 2
for key = 1, #KEYS, 4 do
  local results = first + 9 + tonumber(ARGV[first + 7])
  local last = results - 1 + 6 * tonumber(ARGV[first + 8])
  table.insert(replies, finish(KEYS[key], KEYS[key + 1], KEYS[key + 2], KEYS[key + 3], first, results, last))
  first = last + 1
end
return replies
