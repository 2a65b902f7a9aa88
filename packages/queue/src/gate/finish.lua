-- Ends attempts: records the handlers' results, frees the resources, and says what becomes of the jobs: each job for
-- itself, in the order given. See codec.ts for the arguments and replies, ledger.lua for what is kept.
--
-- KEYS, four for each job: ledger, lock, turns, newest dates; then, if ARGV[2] is 5, what its record's keys begin with (see note_record)

local remember_ms, keys_each = ARGV[1], tonumber(ARGV[2])
local now = now_ms()

-- Records how a run ended, and returns when the next may begin. A run that its process blames counts as lost and comes
-- back a little later. A run that was alone to its end has cleared its event of suspicion.
local function note_end(ledger, run_number, stalls, record, blame, cause)
  local c = read_crashes(record)
  local is_open = c.known and c.open == run_number
  if blame == 'own' then
    if not c.known then
      c.seen = tonumber(stalls)
    end
    if is_open then
      c.open, c.apart = '0', '0'
    end
    c.lost, c.alone, c.suspect = c.lost + 1, c.alone + 1, '1'
    c.due, c.cause = now + BLAMED_DELAY, cause
    write_crashes(ledger, c)
    return c.due
  end
  if blame ~= '' then
    redis.call('HSET', ledger, '?', join_last_words(run_number, blame, cause))
  elseif is_open then
    if c.apart == '1' then
      c.alone, c.suspect = 0, '0'
    end
    c.open, c.apart, c.due, c.cause = '0', '0', 0, ''
    write_crashes(ledger, c)
  end
  return 0
end

local STATES = { settled = 'h', waiting = 'w', dead = 'd' }

-- Writes down what the run came to; due: when the next one may begin.
local function note_run(key, first, outcome, due)
  if keys_each == 5 then
    local lines = ARGV[first + 8] .. '=\t' .. whole(now) .. '\t' .. STATES[outcome] .. '\t' .. whole(due) .. '\n'
    note_record(KEYS[key + 4], ARGV[first], ARGV[first + 7], lines, outcome ~= 'settled')
  end
end

-- The arguments of the job begin at ARGV[first]; its results are ARGV[results] to ARGV[last].
local function finish(key, first, results, last)
  local ledger, lock, turns, newest = KEYS[key], KEYS[key + 1], KEYS[key + 2], KEYS[key + 3]
  local job, run_token, run_number, stalls = ARGV[first], ARGV[first + 1], ARGV[first + 2], ARGV[first + 3]
  local date, blame, cause = ARGV[first + 4], ARGV[first + 5], ARGV[first + 6]
  local handlers = tonumber(ARGV[first + 9])

  -- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
  redis.call('ZREM', turns, job)

  -- If the lock has ended and another run has taken it, only successes count, and the lock stays.
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
        note_newest(newest, ARGV[i], date, remember_ms)
      end
    end
  end
  -- The usual case. Whatever is on record may belong to handlers that this worker does not have.
  if succeeded == handlers and redis.call('HLEN', ledger) == 0 then
    settle(ledger, remember_ms)
    note_run(key, first, 'settled', now)
    return { 'settled', following, now, now }
  end

  -- The same call again, after its reply got lost.
  if redis.call('HGET', ledger, '@') == 'done' then
    return { 'settled', following, now, now }
  end
  for i = results, last, 6 do
    local name, state = ARGV[i], ARGV[i + 1]
    if state == 'ok' then
      redis.call('HSET', ledger, name, '+')
    elseif held and redis.call('HGET', ledger, name) ~= '+' then
      local due = whole(now + tonumber(ARGV[i + 2]))
      redis.call('HSET', ledger, name, join_entry(state, ARGV[i + 3], due, ARGV[i + 5]))
    end
  end

  local entries = read_entries(ledger)
  for i = first + 11, results - 1 do
    entries[ARGV[i]] = entries[ARGV[i]] or join_entry('open', 0, 0, '')
  end
  local crash_due = note_end(ledger, run_number, stalls, entries['!'], blame, cause)
  entries['@'], entries['!'], entries['?'] = nil, nil, nil
  local soonest, dead = nil, false
  for _, entry in pairs(entries) do
    if entry ~= '+' then
      local state, _, due = split_entry(entry)
      if state == 'dead' then
        dead = true
      else
        soonest = math.min(soonest or math.huge, tonumber(due))
      end
    end
  end

  if soonest then
    local due = math.max(now, soonest, crash_due)
    note_run(key, first, 'waiting', due)
    return { 'waiting', following, now, due }
  end
  if dead then
    mark_dead(ledger, stalls, run_number)
    note_run(key, first, 'dead', now)
    return { 'dead', following, now, now }
  end
  settle(ledger, remember_ms)
  note_run(key, first, 'settled', now)
  return { 'settled', following, now, now }
end

local replies, first = {}, 3
for key = 1, #KEYS, keys_each do
  local results = first + 11 + tonumber(ARGV[first + 9])
  local last = results - 1 + 6 * tonumber(ARGV[first + 10])
  table.insert(replies, finish(key, first, results, last))
  first = last + 1
end
return replies
