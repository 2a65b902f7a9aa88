-- Notes that a call to Xero is over, and what Xero said of its limits.
--
-- KEYS[1] calls of the last minute   KEYS[2] calls under way   KEYS[3] limits
-- ARGV[1] call   ARGV[2] '1' where it may have reached Xero   ARGV[3] left in the minute or ''   ARGV[4] left in the day or ''
-- ARGV[5] ms that no call may go or 0 (-1: until the minute ends, -2: for an hour, -3: longer each time in a row)
-- ARGV[6] what says so, or ''

local calls, busy, limits = KEYS[1], KEYS[2], KEYS[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local midnight = (math.floor(now / 86400000) + 1) * 86400000

redis.call('ZREM', busy, ARGV[1])
if ARGV[2] == '1' then
  redis.call('ZADD', calls, 'XX', now + 60000, ARGV[1])
elseif redis.call('ZREM', calls, ARGV[1]) == 1 then
  redis.call('HINCRBY', limits, 'used', -1)
end

-- Those still under way may not be counted in what Xero said.
local underWay = redis.call('ZCARD', busy)
if ARGV[3] ~= '' then
  redis.call('HSET', limits, 'left', tonumber(ARGV[3]) - underWay, 'leftUntil', now + 60000)
end
if ARGV[4] ~= '' then
  local before = tonumber(redis.call('HGET', limits, 'dayLeft') or '')
  local left = tonumber(ARGV[4]) - underWay
  -- Much more than a moment ago: Xero's day has begun anew, at whatever time it does.
  if before and left > before + 50 then
    redis.call('HSET', limits, 'used', underWay + 1)
  end
  redis.call('HSET', limits, 'dayLeft', left, 'dayLeftUntil', math.min(midnight, now + 3600000))
end

if ARGV[2] == '1' and ARGV[6] == '' then
  redis.call('HDEL', limits, 'outages')
end

local block = tonumber(ARGV[5])
if block == -1 then
  block = math.max(5000, 60000 - now % 60000)
elseif block == -2 then
  block = math.min(3600000, math.max(5000, midnight - now))
elseif block == -3 then
  block = math.min(300000, 3000 * 2 ^ (redis.call('HINCRBY', limits, 'outages', 1) - 1))
end
if block > 0 then
  local until_ = tonumber(redis.call('HGET', limits, 'blockedUntil') or '0')
  if now + block > until_ then
    redis.call('HSET', limits, 'blockedUntil', string.format('%.0f', now + block), 'blockedBy', ARGV[6])
  end
  -- As long as a block lasts it has to be remembered.
  local lives = redis.call('PTTL', limits)
  if lives < block + 1000 then
    redis.call('PEXPIRE', limits, string.format('%.0f', block + 60000))
  end
end
return 1
