-- Lets jobs begin work on their resources, or says why not: each job for itself, in the order given. Repeating a call
-- changes nothing. See codec.ts for the arguments and replies, ledger.lua for what is kept.
--
-- KEYS, four for each job: ledger, lock, turns, newest dates

-- A handler that has yet to succeed and that this worker does not have may come with another worker, as while two
-- releases run side by side. The job looks for it this often, and is a dead letter after this long, ms.
local LOOK_AGAIN, AWAIT_HANDLER = 5000, 600000

-- How long a run that was lost alone waits before it runs again, ms: what kills one process after another, such as a
-- deploy, is then likely to be over.
local LOST_ALONE_DELAY = 30000

local UNKNOWN_CAUSE = 'it ended without a word, as when it is killed, out of memory, or crashes in native code'

local remember_ms, crash_attempts = ARGV[1], tonumber(ARGV[2])
local now = now_ms()

-- Notes a run that its worker did not end. A run that never began before it was lost, or whose process has said that
-- the event was not to blame, makes no suspect.
local function note_loss(c, run_number, stalls, last_words)
  local began = not c.known or c.open ~= '0'
  -- Between that run and this one, others may have taken the job and been lost before they could begin.
  local last_run = c.known and c.open or tostring(tonumber(run_number) - 1)
  local of, blame, cause = split_last_words(last_words)
  if of ~= last_run then
    -- What an earlier run said tells more than the silence of this one.
    blame, cause = 'unknown', c.cause ~= '' and c.cause or UNKNOWN_CAUSE
  end
  if began and blame ~= 'other' then
    c.lost, c.suspect, c.cause = c.lost + 1, '1', cause
    if blame == 'own' then
      c.alone, c.due = c.alone + 1, now + BLAMED_DELAY
    elseif c.apart == '1' then
      c.alone, c.due = c.alone + 1, now + LOST_ALONE_DELAY
    end
  end
  c.seen, c.open, c.apart = tonumber(stalls), '0', '0'
end

local function is_guilty(c)
  return c.suspect == '1' and c.lost >= crash_attempts and c.alone >= math.max(1, crash_attempts - 1)
end

-- Ends all handlers of an event that has ended its process too often.
local function condemn(ledger, entries, names, crashes)
  local details = cjson.encode({
    reason = 'ended its process ' .. crashes.lost .. ' times: ' .. crashes.cause,
  })
  local function end_handler(name, entry)
    local state, failures = split_entry(entry or '')
    if entry ~= '+' and state ~= 'dead' then
      redis.call('HSET', ledger, name, join_entry('dead', failures or 0, whole(now), details))
    end
  end
  for _, name in ipairs(names) do
    end_handler(name, entries[name])
  end
  for name, entry in pairs(entries) do
    end_handler(name, entry)
  end
end

-- The arguments of the job are ARGV[first] to ARGV[last]; its handlers begin at ARGV[first + 8].
local function begin(ledger, lock, turns, newest, first, last)
  local job, run_token, run_number, stalls = ARGV[first], ARGV[first + 1], ARGV[first + 2], ARGV[first + 3]
  local lifetime, date, is_alone = ARGV[first + 4], ARGV[first + 5], ARGV[first + 6]

  -- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
  redis.call('ZREM', turns, job)

  local owner = redis.call('GET', lock)
  local own = owner and string.sub(owner, 1, #job + 1) == job .. '|'
  if own then
    local latest = string.match(string.sub(owner, #job + 2), '^(%d+)|')
    if latest and tonumber(latest) > tonumber(run_number) then
      return { 'lost' }
    end
  end
  -- Where nothing runs: an earlier run of the job that its worker did not end may have left the lock.
  local function without_run(reply)
    if own then
      redis.call('DEL', lock)
    end
    return reply
  end

  local entries = read_entries(ledger)
  if entries['@'] == 'done' then
    return without_run({ 'settled' })
  end
  if owner and not own then
    return { 'busy', redis.call('PTTL', lock) }
  end

  -- A dead letter that somebody has put back: handlers that gave up or ran out of attempts run again. If the job has been
  -- found without its worker since it died, nobody put it back: the worker was lost before BullMQ knew of the dead letter.
  local revived = false
  if entries['@'] then
    local stalls_then, run_then = string.match(entries['@'], '^dead|(%d+)|(%d+)$')
    revived = not stalls_then or (tonumber(stalls) <= tonumber(stalls_then) and run_number ~= run_then)
    if not revived then
      mark_dead(ledger, stalls, run_number)
      return without_run({ 'dead' })
    end
  end

  -- Only a job that was found without its worker has lost runs on record.
  local crashes = read_crashes(entries['!'])
  if entries['!'] or stalls ~= '0' then
    if revived then
      crashes = read_crashes(string.format('%d|0|0|0|0|0|0|', stalls))
    elseif tonumber(stalls) > crashes.seen then
      note_loss(crashes, run_number, stalls, entries['?'])
    end
    redis.call('HDEL', ledger, '?')
    write_crashes(ledger, crashes)
    if crashes.suspect == '1' and not is_guilty(crashes) then
      if crashes.due > now then
        return without_run({ 'early', now, crashes.due, '', 0 })
      end
      if is_alone ~= '1' then
        return without_run({ 'suspect', crashes.lost, crashes.cause })
      end
    end
    crashes.known = true
  end
  entries['@'], entries['!'], entries['?'] = nil, nil, nil

  if is_guilty(crashes) then
    local names = {}
    for i = first + 8, last, 2 do
      table.insert(names, ARGV[i])
    end
    condemn(ledger, entries, names, crashes)
    mark_dead(ledger, stalls, run_number)
    return without_run({ 'dead' })
  end

  local run, changes, soonest, dead = { 'run', crashes.lost }, {}, nil, false
  local function let_run(name, failures)
    table.insert(run, name)
    table.insert(run, tonumber(failures))
  end
  local function change(name, entry)
    table.insert(changes, name)
    table.insert(changes, entry)
  end
  for i = first + 8, last, 2 do
    local name, entry = ARGV[i], entries[ARGV[i]]
    entries[name] = nil
    if entry ~= '+' then
      local newer = ARGV[i + 1] == '1' and redis.call('HGET', newest, name)
      if newer and date < newer then
        change(name, '+')
      elseif not entry then
        let_run(name, 0)
      else
        local state, failures, due, details = split_entry(entry)
        if revived then
          change(name, join_entry('retry', failures, 0, details))
          let_run(name, failures)
        elseif state == 'dead' then
          dead = true
        elseif tonumber(due) > now then
          soonest = math.min(soonest or math.huge, tonumber(due))
        else
          let_run(name, failures)
        end
      end
    end
  end

  -- The rest belongs to handlers that this worker does not have.
  local missing, missing_until = '', 0
  for name, entry in pairs(entries) do
    if entry ~= '+' then
      local state, failures, due, details = split_entry(entry)
      if revived then
        redis.call('HDEL', ledger, name)
      elseif state == 'dead' then
        dead = true
      elseif now < tonumber(due) + AWAIT_HANDLER then
        missing, missing_until = name, tonumber(due) + AWAIT_HANDLER
        soonest = math.min(soonest or math.huge, math.max(tonumber(due), now + LOOK_AGAIN))
      else
        change(name, join_entry('dead', failures, due, details))
        dead = true
      end
    end
  end

  if revived then
    redis.call('HDEL', ledger, '@')
  end
  if #changes > 0 then
    redis.call('HSET', ledger, unpack(changes))
  end
  if #run > 2 then
    if crashes.known then
      crashes.open, crashes.apart = run_number, is_alone
      write_crashes(ledger, crashes)
    end
    redis.call('SET', lock, job .. '|' .. run_number .. '|' .. run_token, 'PX', lifetime)
    return run
  end
  if soonest then
    return without_run({ 'early', now, soonest, missing, missing_until })
  end
  if dead then
    return without_run({ 'dead' })
  end
  settle(ledger, remember_ms)
  return without_run({ 'settled' })
end

local replies, first = {}, 3
for key = 1, #KEYS, 4 do
  local last = first + 7 + 2 * tonumber(ARGV[first + 7])
  table.insert(replies, begin(KEYS[key], KEYS[key + 1], KEYS[key + 2], KEYS[key + 3], first, last))
  first = last + 1
end
return replies
