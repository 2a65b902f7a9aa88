-- Lets jobs begin work on their resources, or says why not. Each of them for itself, in the order in which they are given.
--
-- KEYS, four for each job: ledger of the event (hash), lock of the resource (string), turns of the resource (sorted),
-- newest dates handled of the resource, by handler (hash)
-- ARGV[1] how long a settled event is remembered, ms
-- ARGV[2] after how many lost runs an event is a dead letter
-- then for each job: its id, run token, run number, how often it was found without its worker, lifetime of the
-- lock in ms, date of the event in fixed width, '1' where nothing else runs in the process, number of handlers, and for
-- each handler: its name, '1' where latestOnly
--
-- Returns for each job one of
--   { 'busy', ms until the lock ends at the latest }
--   { 'lost' }                                       the job was given out again, and that run has begun
--   { 'settled' }                                    nothing is left to do: the event was handled before
--   { 'early', now, when the first handler is due, handler that this worker does not have or '', until when it is waited
--     for }                                          times by Redis's clock, in ms since 1970
--   { 'suspect', lost runs, cause }                  it was at work when its process was lost: to run with nothing beside it
--   { 'dead' }                                       what is left to do has given up, run out of attempts, or ended
--                                                    its process too often
--   { 'run', lost runs, name, failures, name, failures, … }  the lock is held, and these handlers are to run
--
-- An entry of the ledger is '+' for a handler that has succeeded, else 'state|failures|due|details'. The field '@' says
-- what became of the whole event: 'done', or 'dead|' and of the run that has said so, how often the job had been found
-- without its worker, and the run number. The field '!' counts lost runs, see crashes below; '?' is what the
-- process of a run said at its end: 'run number|own, other or unknown|cause'. The lock says whose it is: 'job|run number|run token'. To make the
-- same call once more changes nothing.

-- A handler that has still to succeed and that this worker does not have, as while two releases run side by side, may come
-- with another worker: the job comes back, so often, until it is a dead letter, ms.
local AWAIT_HANDLER, LOOK_AGAIN = 600000, 5000

-- A run that was lost alone comes back after this, ms: whoever kills processes one after another, as in a deploy, is
-- then likely to be done. One that its process itself has blamed needs no such care.
local LOST_ALONE_DELAY, BLAMED_DELAY = 30000, 2000

local UNKNOWN_CAUSE = 'it ended without a word, as when it is killed, out of memory, or crashes in native code'

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- What is on record of lost runs, as 'seen|lost|alone|open|apart|suspect|due|cause': how often BullMQ had found the job
-- without its worker at the last look; runs that were lost, and those of them that nothing else can have ended; the number
-- of the run that is under way, 0 where none does, and '1' where nothing runs beside it; '1' where the next run has to be
-- alone; when that may begin. Without an entry the job has never been lost.
local function read_crashes(entry)
  local seen, lost, alone, open, apart, suspect, due, cause =
    string.match(entry or '', '^(%d+)|(%d+)|(%d+)|(%d+)|(%d)|(%d)|(%d+)|(.*)$')
  return {
    known = seen ~= nil,
    seen = tonumber(seen or 0),
    lost = tonumber(lost or 0),
    alone = tonumber(alone or 0),
    open = open or '0',
    apart = apart or '0',
    suspect = suspect or '0',
    due = tonumber(due or 0),
    cause = cause or '',
  }
end

local function write_crashes(ledger, c)
  redis.call('HSET', ledger, '!', string.format('%d|%d|%d|%s|%s|%s|%.0f|%s', c.seen, c.lost, c.alone, c.open, c.apart,
    c.suspect, c.due, c.cause))
end

-- Takes note of a run that its worker did not end. A job that never began before it was lost, or whose process has said
-- that it was not to blame, is nobody's suspect.
local function note_loss(c, run_number, stalls, last_words)
  local began = not c.known or c.open ~= '0'
  -- Between that run and this one others may have taken the job and been lost before they could begin.
  local last_run = c.known and c.open or tostring(tonumber(run_number) - 1)
  local of, blame, cause = string.match(last_words or '', '^(%d+)|(%a+)|(.*)$')
  if of ~= last_run then
    blame, cause = 'unknown', UNKNOWN_CAUSE
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
  local bound = tonumber(ARGV[2])
  return c.lost >= bound and c.alone >= math.max(1, bound - 1)
end

-- The job's arguments are ARGV[first] and those after it, its handlers those from ARGV[first + 8] to ARGV[last].
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
  -- Where nothing is to run: an earlier run of the job that its worker did not end may have left the lock.
  local function without_run(reply)
    if own then
      redis.call('DEL', lock)
    end
    return reply
  end

  local entries = {}
  local flat = redis.call('HGETALL', ledger)
  for i = 1, #flat, 2 do
    entries[flat[i]] = flat[i + 1]
  end
  if entries['@'] == 'done' then
    return without_run({ 'settled' })
  end
  if owner and not own then
    return { 'busy', redis.call('PTTL', lock) }
  end

  -- A dead letter that somebody has put back: what gave up or ran out of attempts runs again. One that was found without
  -- its worker since it died was not put back: the worker was lost before BullMQ knew of it.
  local revived = false
  if entries['@'] then
    local stalls_then, run_then = string.match(entries['@'], '^dead|(%d+)|(%d+)$')
    revived = not stalls_then or (tonumber(stalls) <= tonumber(stalls_then) and run_number ~= run_then)
    if not revived then
      redis.call('HSET', ledger, '@', 'dead|' .. stalls .. '|' .. run_number)
      return without_run({ 'dead' })
    end
  end

  -- Only a job that was found without its worker has anything on record, and needs a look.
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
  entries['!'], entries['?'] = nil, nil

  local run, changes, soonest, dead = { 'run', crashes.lost }, {}, nil, false
  local missing, missing_until = '', 0
  if crashes.suspect == '1' and is_guilty(crashes) then
    local details = cjson.encode({
      reason = 'ended its process ' .. crashes.lost .. ' times: ' .. crashes.cause,
    })
    local function condemn(name, entry)
      local state, failures = string.match(entry or '', '^(%a+)|(%d+)|')
      if entry ~= '+' and state ~= 'dead' then
        redis.call('HSET', ledger, name, 'dead|' .. (failures or 0) .. '|' .. string.format('%.0f', now) .. '|' .. details)
      end
    end
    for i = first + 8, last, 2 do
      condemn(ARGV[i], entries[ARGV[i]])
    end
    for name, entry in pairs(entries) do
      if name ~= '@' then
        condemn(name, entry)
      end
    end
    redis.call('HSET', ledger, '@', 'dead|' .. stalls .. '|' .. run_number)
    return without_run({ 'dead' })
  end
  for i = first + 8, last, 2 do
    local name, entry = ARGV[i], entries[ARGV[i]]
    entries[name] = nil
    if entry ~= '+' then
      local newer = ARGV[i + 1] == '1' and redis.call('HGET', newest, name)
      if newer and date < newer then
        table.insert(changes, name)
        table.insert(changes, '+')
      elseif not entry then
        table.insert(run, name)
        table.insert(run, 0)
      else
        local state, failures, due, details = string.match(entry, '^(%a+)|(%d+)|(%d+)|(.*)$')
        if revived then
          table.insert(changes, name)
          table.insert(changes, 'retry|' .. failures .. '|0|' .. details)
          table.insert(run, name)
          table.insert(run, tonumber(failures))
        elseif state == 'dead' then
          dead = true
        elseif tonumber(due) > now then
          soonest = math.min(soonest or math.huge, tonumber(due))
        else
          table.insert(run, name)
          table.insert(run, tonumber(failures))
        end
      end
    end
  end

  -- What is left is not of this worker's handlers.
  entries['@'] = nil
  for name, entry in pairs(entries) do
    if entry ~= '+' then
      local state, failures, due, details = string.match(entry, '^(%a+)|(%d+)|(%d+)|(.*)$')
      if revived then
        redis.call('HDEL', ledger, name)
      elseif state == 'dead' then
        dead = true
      elseif now < tonumber(due) + AWAIT_HANDLER then
        missing, missing_until = name, tonumber(due) + AWAIT_HANDLER
        soonest = math.min(soonest or math.huge, math.max(tonumber(due), now + LOOK_AGAIN))
      else
        table.insert(changes, name)
        table.insert(changes, 'dead|' .. failures .. '|' .. due .. '|' .. details)
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
  redis.call('DEL', ledger)
  redis.call('HSET', ledger, '@', 'done')
  redis.call('PEXPIRE', ledger, ARGV[1])
  return without_run({ 'settled' })
end

local replies, first = {}, 3
for key = 1, #KEYS, 4 do
  local last = first + 7 + 2 * tonumber(ARGV[first + 7])
  table.insert(replies, begin(KEYS[key], KEYS[key + 1], KEYS[key + 2], KEYS[key + 3], first, last))
  first = last + 1
end
return replies
