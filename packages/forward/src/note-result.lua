-- Notes what a message to a receiver came to. Once enough have failed in a row, the breaker opens: all wait.
--
-- KEYS[1] what is known of the receiver
-- ARGV[1] 'well', 'ailing' or 'unknown'   ARGV[2] 1 if the message was the probe   ARGV[3] the message
-- ARGV[4] why it failed   ARGV[5] how long the receiver asks to wait, ms   ARGV[6] failures in a row before the breaker opens
-- ARGV[7] the first wait, ms   ARGV[8] the longest, ms   ARGV[9] how long the key is kept after that, ms
--
-- Returns { 'opened', ms }, { 'closed' }, or {} where the breaker is as it was

local state, is_probe = KEYS[1], ARGV[2] == '1'

if ARGV[1] == 'well' then
  local was_open = redis.call('HEXISTS', state, 'until') == 1
  redis.call('DEL', state)
  return was_open and { 'closed' } or {}
end

local known = redis.call('HMGET', state, 'until', 'failures', 'last', 'times')
if ARGV[1] == 'unknown' then
  if is_probe then
    redis.call('HDEL', state, 'probe')
  end
  return {}
end

-- Those that were on their way when it opened say nothing new.
if known[1] and not is_probe then
  return {}
end

-- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
redis.call('HDEL', state, 'probe')

-- One message that always fails says nothing about the others.
local failures = tonumber(known[2] or '') or 0
if known[3] ~= ARGV[3] then
  failures = failures + 1
end
redis.call('HSET', state, 'failures', failures, 'last', ARGV[3], 'reason', ARGV[4])
if not known[1] and failures < tonumber(ARGV[6]) then
  redis.call('PEXPIRE', state, ARGV[9])
  return {}
end

local times = tonumber(known[4] or '') or 0
local wait = math.min(tonumber(ARGV[7]) * 2 ^ math.min(times, 30), tonumber(ARGV[8]))
wait = math.max(wait, tonumber(ARGV[5]))
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', state, 'until', string.format('%.0f', now + wait), 'times', times + 1)
redis.call('PEXPIRE', state, string.format('%.0f', wait + tonumber(ARGV[9])))
return known[1] and {} or { 'opened', wait }
