-- Lets a call to Xero go, or says how long it has to wait.
--
-- KEYS[1] calls of the last minute (sorted by when each stops to count)   KEYS[2] calls under way (sorted by lease)
-- KEYS[3] limits (hash: what is known of the organisation)
-- ARGV[1] call   ARGV[2] lease, ms   ARGV[3] at once   ARGV[4] in a minute   ARGV[5] in a day   ARGV[6] of these, reserved
-- ARGV[7] how long the keys are kept, ms   ARGV[8] how long others wait for a call that finds out whether an outage is over, ms
--
-- Returns { 'go', which call it is, 1 where it finds out whether an outage is over }, or { limit, ms to wait }; 'concurrency'
-- ends when another call does, at the latest then.
--
-- A call counts from when it may go until a minute after it has ended: it reached Xero somewhere between, so that no
-- minute of Xero's clock, however that goes, can have more calls than allowed.

local calls, busy, limits = KEYS[1], KEYS[2], KEYS[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
redis.call('ZREMRANGEBYSCORE', calls, '-inf', now)
redis.call('ZREMRANGEBYSCORE', busy, '-inf', now)

local known = {}
local flat = redis.call('HGETALL', limits)
for i = 1, #flat, 2 do
  known[flat[i]] = flat[i + 1]
end
local function number(field)
  return tonumber(known[field] or '') or 0
end

local day = math.floor(now / 86400000)
local midnight = (day + 1) * 86400000
local used = number('day') == day and number('used') or 0

-- Of all that makes it wait, what takes longest counts.
local longest, why = 0, nil
local function wait(limit, ms)
  if ms > longest then
    longest, why = math.max(1, math.ceil(ms)), limit
  end
end
if number('blockedUntil') > now then
  wait(known['blockedBy'] or 'minute', number('blockedUntil') - now)
end
-- After an outage, one call finds out whether Xero works again.
local probe = number('outages') > 0
if probe and number('probeUntil') > now then
  wait('outage', number('probeUntil') - now)
end
if used + tonumber(ARGV[6]) >= tonumber(ARGV[5]) then
  wait('day', midnight - now)
end
-- What Xero said is left counts for an hour: its day may begin at another time than ours.
if number('dayLeftUntil') > now and number('dayLeft') <= tonumber(ARGV[6]) then
  wait('day', number('dayLeftUntil') - now)
end
if number('leftUntil') > now and number('left') <= 0 then
  wait('minute', number('leftUntil') - now)
end
local excess = redis.call('ZCARD', calls) - tonumber(ARGV[4])
if excess >= 0 then
  wait('minute', tonumber(redis.call('ZRANGE', calls, excess, excess, 'WITHSCORES')[2]) - now)
end
if why then
  return { why, longest }
end
if redis.call('ZCARD', busy) >= tonumber(ARGV[3]) then
  local first = redis.call('ZRANGE', busy, 0, 0, 'WITHSCORES')[2]
  return { 'concurrency', math.max(1, math.ceil(tonumber(first) - now)) }
end

redis.call('ZADD', busy, now + ARGV[2], ARGV[1])
redis.call('ZADD', calls, now + ARGV[2] + 60000, ARGV[1])
redis.call('HSET', limits, 'day', day, 'used', used + 1)
local turn = redis.call('HINCRBY', limits, 'turn', 1)
if probe then
  redis.call('HSET', limits, 'probe', ARGV[1], 'probeUntil', string.format('%.0f', now + ARGV[8]))
end
if known['left'] then
  redis.call('HINCRBY', limits, 'left', -1)
end
if known['dayLeft'] then
  redis.call('HINCRBY', limits, 'dayLeft', -1)
end
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, ARGV[7])
end
return { 'go', turn, probe and 1 or 0 }
