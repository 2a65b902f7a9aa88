-- Lets a message go to a receiver, or puts it off because the receiver keeps failing.
--
-- KEYS[1] what is known of the receiver (hash; none while all is well)
-- ARGV[1] how long a probe may take, ms   ARGV[2] how soon to come back while one is on its way, ms
-- ARGV[3] from one that waits to the next, ms
--
-- Returns { 'go', 1 if failures are known, 1 if it is the probe }, or { 'wait', ms, why the receiver's last message failed }

local known = redis.call('HMGET', KEYS[1], 'until', 'probe', 'line', 'reason', 'failures')
local open_until = tonumber(known[1] or '')
if not open_until then
  return { 'go', known[5] and 1 or 0, 0 }
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local probe_until = tonumber(known[2] or '') or 0

-- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
redis.call('HDEL', KEYS[1], 'none')

if now >= open_until and now >= probe_until then
  redis.call('HSET', KEYS[1], 'probe', string.format('%.0f', now + tonumber(ARGV[1])))
  return { 'go', 1, 1 }
end

-- One after another, so that those who wait neither keep the workers busy nor reach the receiver all at once.
local earliest = math.max(open_until, now + tonumber(ARGV[2]))
local line = math.max(earliest, (tonumber(known[3] or '') or 0) + tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], 'line', string.format('%.0f', line))
return { 'wait', line - now, known[4] or '' }
