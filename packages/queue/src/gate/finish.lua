-- Ends an attempt: records what its handlers came to, frees the resource, and says what becomes of the job.
--
-- KEYS[1] ledger   KEYS[2] lock   KEYS[3] turns   KEYS[4] newest dates handled, by handler
-- ARGV[1] job id   ARGV[2] fetch token   ARGV[3] how long a settled event is remembered, ms
-- ARGV[4] date of the event, fixed width   ARGV[5] number of handlers of the event   then their names, then for each
-- result: handler, 'ok' | 'retry' | 'later' | 'dead', ms to wait, failures by now, '1' where latestOnly, details
--
-- Returns { 'settled' | 'waiting' | 'dead', next job of the resource or '', now, when the first handler is due }: both by
-- Redis's clock, in ms since 1970

local ledger, lock, turns, newest = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
redis.call('ZREM', turns, ARGV[1])

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Whoever took the lock after it ended has a run of its own: then only successes count, and the lock is left alone.
local owner = redis.call('GET', lock)
local held = owner == ARGV[1] .. '|' .. ARGV[2]
local following = ''
if held then
  redis.call('DEL', lock)
end
if held or not owner then
  following = redis.call('ZPOPMIN', turns)[1] or ''
end

-- The same call once more, after a reply that got lost.
if redis.call('HGET', ledger, '@') == 'done' then
  return { 'settled', following, now, now }
end

local handlers = tonumber(ARGV[5])
for i = 6 + handlers, #ARGV, 6 do
  local name, state = ARGV[i], ARGV[i + 1]
  if state == 'ok' then
    redis.call('HSET', ledger, name, '+')
    if ARGV[i + 4] == '1' then
      local newer = redis.call('HGET', newest, name)
      if not newer or newer < ARGV[4] then
        redis.call('HSET', newest, name, ARGV[4])
      end
      redis.call('PEXPIRE', newest, ARGV[3])
    end
  elseif held and redis.call('HGET', ledger, name) ~= '+' then
    local due = string.format('%.0f', now + tonumber(ARGV[i + 2]))
    redis.call('HSET', ledger, name, state .. '|' .. ARGV[i + 3] .. '|' .. due .. '|' .. ARGV[i + 5])
  end
end

local first, dead = nil, false
for i = 6, 5 + handlers do
  local entry = redis.call('HGET', ledger, ARGV[i])
  if entry ~= '+' then
    local state, due = string.match(entry or 'open|0|0|', '^(%a+)|%d+|(%d+)|')
    if state == 'dead' then
      dead = true
    else
      first = math.min(first or math.huge, tonumber(due))
    end
  end
end

if first then
  return { 'waiting', following, now, math.max(now, first) }
end
if dead then
  redis.call('HSET', ledger, '@', 'dead')
  return { 'dead', following, now, now }
end
redis.call('DEL', ledger)
redis.call('HSET', ledger, '@', 'done')
redis.call('PEXPIRE', ledger, ARGV[3])
return { 'settled', following, now, now }
