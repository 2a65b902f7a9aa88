-- Lets a job begin work on its resource, or says why not.
--
-- KEYS[1] ledger of the event (hash)       KEYS[2] lock of the resource (string)
-- KEYS[3] turns of the resource (sorted)   KEYS[4] newest dates handled of the resource, by handler (hash)
-- ARGV[1] job id   ARGV[2] fetch token   ARGV[3] lifetime of the lock, ms   ARGV[4] date of the event, fixed width
-- ARGV[5] how long a settled event is remembered, ms   ARGV[6…] for each handler: its name, '1' where latestOnly
--
-- Returns one of
--   { 'busy', ms until the lock ends at the latest }
--   { 'settled' }                                    nothing is left to do: the event was handled before
--   { 'early', now, when the first handler is due }  both by Redis's clock, in ms since 1970
--   { 'dead' }                                       what is left to do has given up or run out of attempts
--   { 'run', name, failures, name, failures, … }     the lock is held, and these handlers are to run
--
-- An entry of the ledger is '+' for a handler that has succeeded, else 'state|failures|due|details'. The field '@' says
-- what became of the whole event: 'done' or 'dead'.

local ledger, lock, turns, newest = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local job, token = ARGV[1], ARGV[2]

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

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local run, stale, first, dead = { 'run' }, {}, nil, false
for i = 6, #ARGV, 2 do
  local name, entry = ARGV[i], entries[ARGV[i]]
  if entry ~= '+' then
    local newer = ARGV[i + 1] == '1' and redis.call('HGET', newest, name)
    if newer and ARGV[4] < newer then
      table.insert(stale, name)
      table.insert(stale, '+')
    else
      local state, failures, due = string.match(entry or 'open|0|0|', '^(%a+)|(%d+)|(%d+)|')
      if state == 'dead' and not revived then
        dead = true
      elseif tonumber(due) > now and not revived then
        first = math.min(first or math.huge, tonumber(due))
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
  redis.call('SET', lock, job .. '|' .. token, 'PX', ARGV[3])
  return run
end
if first then
  return { 'early', now, first }
end
if dead then
  return { 'dead' }
end
redis.call('DEL', ledger)
redis.call('HSET', ledger, '@', 'done')
redis.call('PEXPIRE', ledger, ARGV[5])
return { 'settled' }
