-- Lets jobs begin work on their resources, or says why not. Each of them for itself, in the order in which they are given.
--
-- KEYS, four for each job: ledger of the event (hash), lock of the resource (string), turns of the resource (sorted),
-- newest dates handled of the resource, by handler (hash)
-- ARGV[1] how long a settled event is remembered, ms; then for each job: its id, fetch token, lifetime of the lock in ms,
-- date of the event in fixed width, number of handlers, and for each handler: its name, '1' where latestOnly
--
-- Returns for each job one of
--   { 'busy', ms until the lock ends at the latest }
--   { 'settled' }                                    nothing is left to do: the event was handled before
--   { 'early', now, when the first handler is due }  both by Redis's clock, in ms since 1970
--   { 'dead' }                                       what is left to do has given up or run out of attempts
--   { 'run', name, failures, name, failures, … }     the lock is held, and these handlers are to run
--
-- An entry of the ledger is '+' for a handler that has succeeded, else 'state|failures|due|details'. The field '@' says
-- what became of the whole event: 'done' or 'dead'.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The job's arguments are ARGV[first] and those after it, its handlers those from ARGV[first + 5] to ARGV[last].
local function begin(ledger, lock, turns, newest, first, last)
  local job, token, lifetime, date = ARGV[first], ARGV[first + 1], ARGV[first + 2], ARGV[first + 3]

  -- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
  redis.call('ZREM', turns, job)

  local entries = {}
  local flat = redis.call('HGETALL', ledger)
  for i = 1, #flat, 2 do
    entries[flat[i]] = flat[i + 1]
  end
  if entries['@'] == 'done' then
    return { 'settled' }
  end

  local owner = redis.call('GET', lock)
  if owner and string.sub(owner, 1, #job + 1) ~= job .. '|' then
    return { 'busy', redis.call('PTTL', lock) }
  end

  -- A dead letter that somebody has put back: what gave up or ran out of attempts runs again.
  local revived = entries['@'] == 'dead'

  local run, stale, soonest, dead = { 'run' }, {}, nil, false
  for i = first + 5, last, 2 do
    local name, entry = ARGV[i], entries[ARGV[i]]
    if entry ~= '+' then
      local newer = ARGV[i + 1] == '1' and redis.call('HGET', newest, name)
      if newer and date < newer then
        table.insert(stale, name)
        table.insert(stale, '+')
      elseif not entry then
        table.insert(run, name)
        table.insert(run, 0)
      else
        local state, failures, due = string.match(entry, '^(%a+)|(%d+)|(%d+)|')
        if state == 'dead' and not revived then
          dead = true
        elseif tonumber(due) > now and not revived then
          soonest = math.min(soonest or math.huge, tonumber(due))
        else
          table.insert(run, name)
          table.insert(run, tonumber(failures))
        end
      end
    end
  end

  if #stale > 0 then
    redis.call('HSET', ledger, unpack(stale))
  end
  if #run > 1 then
    if revived then
      redis.call('HDEL', ledger, '@')
    end
    redis.call('SET', lock, job .. '|' .. token, 'PX', lifetime)
    return run
  end
  if soonest then
    return { 'early', now, soonest }
  end
  if dead then
    return { 'dead' }
  end
  redis.call('DEL', ledger)
  redis.call('HSET', ledger, '@', 'done')
  redis.call('PEXPIRE', ledger, ARGV[1])
  return { 'settled' }
end

local replies, first = {}, 2
for key = 1, #KEYS, 4 do
  local last = first + 4 + 2 * tonumber(ARGV[first + 4])
  table.insert(replies, begin(KEYS[key], KEYS[key + 1], KEYS[key + 2], KEYS[key + 3], first, last))
  first = last + 1
end
return replies
