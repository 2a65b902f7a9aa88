-- Lets jobs begin work on their resources, or says why not. Each of them for itself, in the order in which they are given.
--
-- KEYS, four for each job: ledger of the event (hash), lock of the resource (string), turns of the resource (sorted),
-- newest dates handled of the resource, by handler (hash)
-- ARGV[1] how long a settled event is remembered, ms; then for each job: its id, fetch token, number of the fetch, how
-- often it was found without its worker, lifetime of the lock in ms, date of the event in fixed width, number of handlers,
-- and for each handler: its name, '1' where latestOnly
--
-- Returns for each job one of
--   { 'busy', ms until the lock ends at the latest }
--   { 'lost' }                                       the job was given out again, and that run has begun
--   { 'settled' }                                    nothing is left to do: the event was handled before
--   { 'early', now, when the first handler is due }  both by Redis's clock, in ms since 1970
--   { 'dead' }                                       what is left to do has given up or run out of attempts
--   { 'run', name, failures, name, failures, … }     the lock is held, and these handlers are to run
--
-- An entry of the ledger is '+' for a handler that has succeeded, else 'state|failures|due|details'. The field '@' says
-- what became of the whole event: 'done', or 'dead|' and of the run that has said so, how often the job had been found
-- without its worker, and the number of the fetch. The lock says whose it is: 'job|number of the fetch|token'. To make the
-- same call once more changes nothing.

-- A handler that has still to succeed and that this worker does not have, as while two releases run side by side, may come
-- with another worker: the job comes back, so often, until it is a dead letter, ms.
local AWAIT_HANDLER, LOOK_AGAIN = 600000, 5000

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The job's arguments are ARGV[first] and those after it, its handlers those from ARGV[first + 7] to ARGV[last].
local function begin(ledger, lock, turns, newest, first, last)
  local job, token, fetch, stalls = ARGV[first], ARGV[first + 1], ARGV[first + 2], ARGV[first + 3]
  local lifetime, date = ARGV[first + 4], ARGV[first + 5]

  -- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
  redis.call('ZREM', turns, job)

  local owner = redis.call('GET', lock)
  local own = owner and string.sub(owner, 1, #job + 1) == job .. '|'
  if own then
    local latest = string.match(string.sub(owner, #job + 2), '^(%d+)|')
    if latest and tonumber(latest) > tonumber(fetch) then
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
    local stalls_then, fetch_then = string.match(entries['@'], '^dead|(%d+)|(%d+)$')
    revived = not stalls_then or (tonumber(stalls) <= tonumber(stalls_then) and fetch ~= fetch_then)
    if not revived then
      redis.call('HSET', ledger, '@', 'dead|' .. stalls .. '|' .. fetch)
      return without_run({ 'dead' })
    end
  end

  local run, changes, soonest, dead = { 'run' }, {}, nil, false
  for i = first + 7, last, 2 do
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
  if #run > 1 then
    redis.call('SET', lock, job .. '|' .. fetch .. '|' .. token, 'PX', lifetime)
    return run
  end
  if soonest then
    return without_run({ 'early', now, soonest })
  end
  if dead then
    return without_run({ 'dead' })
  end
  redis.call('DEL', ledger)
  redis.call('HSET', ledger, '@', 'done')
  redis.call('PEXPIRE', ledger, ARGV[1])
  return without_run({ 'settled' })
end

local replies, first = {}, 2
for key = 1, #KEYS, 4 do
  local last = first + 6 + 2 * tonumber(ARGV[first + 6])
  table.insert(replies, begin(KEYS[key], KEYS[key + 1], KEYS[key + 2], KEYS[key + 3], first, last))
  first = last + 1
end
return replies
