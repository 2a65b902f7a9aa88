-- Counts the calls of the whole app, in the seconds of the last minute, and lets one go or says how long it has to wait.
--
-- KEYS[1] hash of seconds   ARGV[1] in a minute   ARGV[2] 'take' | 'learn'   ARGV[3] where learnt: left in the minute or ''
-- ARGV[4] where learnt: ms that no call may go, or 0
--
-- Returns 0, or ms to wait

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local second = tonumber(time[1])
-- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
redis.call('HDEL', KEYS[1], second - 61)

local used, oldest, blocked = 0, second, 0
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  if flat[i] == 'blockedUntil' then
    blocked = tonumber(flat[i + 1])
  elseif tonumber(flat[i]) <= second - 61 then
    redis.call('HDEL', KEYS[1], flat[i])
  else
    used = used + tonumber(flat[i + 1])
    oldest = math.min(oldest, tonumber(flat[i]))
  end
end

if ARGV[2] == 'learn' then
  -- Others use the app too: what they have taken counts as taken now.
  local others = ARGV[3] ~= '' and tonumber(ARGV[1]) - tonumber(ARGV[3]) - used or 0
  if others > 0 then
    redis.call('HINCRBY', KEYS[1], second, others)
  end
  if tonumber(ARGV[4]) > 0 then
    redis.call('HSET', KEYS[1], 'blockedUntil', string.format('%.0f', math.max(blocked, now + tonumber(ARGV[4]))))
  end
  redis.call('PEXPIRE', KEYS[1], math.max(120000, tonumber(ARGV[4]) + 1000))
  return 0
end
if blocked > now then
  return blocked - now
end
if used >= tonumber(ARGV[1]) then
  return math.max(50, (oldest + 61) * 1000 - now)
end
redis.call('HINCRBY', KEYS[1], second, 1)
redis.call('PEXPIRE', KEYS[1], 120000)
return 0
