-- Notes that a call to Xero is over, and what Xero said of its limits.
--
-- KEYS[1] calls of the last minute   KEYS[2] calls under way   KEYS[3] limits
-- ARGV[1] call   ARGV[2] 'unsent' | 'over' | 'unknown': Xero may still be at work on it, until its lease ends
-- ARGV[3] left in the minute or ''   ARGV[4] left in the day or ''   ARGV[5] which call it is, as `acquire` has said
-- ARGV[6] ms that no call may go or 0 (-1: until the minute ends, -2: for an hour, -3: longer each time in a row
-- that different things have failed, -4: longer each time in a row)
-- ARGV[7] what says so, or ''   ARGV[8] 'answered', or what has failed, or ''   ARGV[9] how long the keys are kept, ms
-- ARGV[10] at -3 and -4, how long at least where no call may go, ms

local calls, busy, limits = KEYS[1], KEYS[2], KEYS[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local midnight = (math.floor(now / 86400000) + 1) * 86400000

-- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
redis.call('ZREMRANGEBYSCORE', busy, '-inf', now)

if redis.call('HGET', limits, 'probe') == ARGV[1] then
  redis.call('HDEL', limits, 'probe', 'probeUntil')
end
if ARGV[2] == 'unsent' then
  redis.call('ZREM', busy, ARGV[1])
  if redis.call('ZREM', calls, ARGV[1]) == 1 then
    for _, field in ipairs({ 'used', 'left', 'dayLeft' }) do
      if redis.call('HEXISTS', limits, field) == 1 then
        redis.call('HINCRBY', limits, field, field == 'used' and -1 or 1)
      end
    end
  end
  return 1
end
if ARGV[2] == 'over' then
  redis.call('ZREM', busy, ARGV[1])
  redis.call('ZADD', calls, 'XX', now + 60000, ARGV[1])
end

-- An answer that was overtaken by that of a later call may only lower what is left. Those still under way may not be
-- counted in what Xero said.
local underWay = redis.call('ZCARD', busy)
local turn = tonumber(ARGV[5])
local newest = turn >= (tonumber(redis.call('HGET', limits, 'heard') or '') or 0)
local function learn(field, said, until_)
  if said == '' then
    return
  end
  local left = tonumber(said) - underWay
  local before = tonumber(redis.call('HGET', limits, field) or '')
  if newest or not before or left < before then
    redis.call('HSET', limits, field, left, field .. 'Until', string.format('%.0f', until_))
  end
end
learn('left', ARGV[3], now + 60000)
learn('dayLeft', ARGV[4], math.min(midnight, now + 3600000))
if newest and ARGV[3] .. ARGV[4] ~= '' then
  redis.call('HSET', limits, 'heard', turn)
end

local block = tonumber(ARGV[6])
if ARGV[8] == 'answered' then
  redis.call('HDEL', limits, 'outages', 'failed')
elseif block == -3 or block == -4 then
  -- One thing that fails again and again says nothing of Xero; different ones do.
  local failed = redis.call('HGET', limits, 'failed')
  redis.call('HSET', limits, 'failed', ARGV[8])
  local isOutage = block == -4 or (failed and failed ~= ARGV[8])
  block = 0
  if isOutage then
    -- Those that were under way together fail together.
    local blocked = redis.call('HMGET', limits, 'blockedUntil', 'blockedBy')
    if blocked[2] ~= 'outage' or tonumber(blocked[1]) <= now then
      block = math.min(300000, 3000 * 2 ^ (redis.call('HINCRBY', limits, 'outages', 1) - 1))
    end
    block = math.max(block, tonumber(ARGV[10]))
  end
end
if block == -1 then
  block = math.max(5000, 60000 - now % 60000)
elseif block == -2 then
  block = math.min(3600000, math.max(5000, midnight - now))
end
if block > 0 then
  local before = tonumber(redis.call('HGET', limits, 'blockedUntil') or '0')
  if now + block > before then
    redis.call('HSET', limits, 'blockedUntil', string.format('%.0f', now + block), 'blockedBy', ARGV[7])
  end
end
local keep = math.max(block + 60000, tonumber(ARGV[9]))
if redis.call('PTTL', limits) < keep then
  redis.call('PEXPIRE', limits, string.format('%.0f', keep))
end
return 1
