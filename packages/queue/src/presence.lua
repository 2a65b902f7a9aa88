-- Notes that a worker process is there, and counts those that were lately.
--
-- KEYS[1] processes (sorted by when each was last there)   KEYS[2] what each says of itself (hash)
-- ARGV[1] process   ARGV[2] how long it counts, ms   ARGV[3] what it says of itself
--
-- Returns how many there are

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
for _, gone in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', now - ARGV[2], 'BYSCORE')) do
  redis.call('ZREM', KEYS[1], gone)
  redis.call('HDEL', KEYS[2], gone)
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return redis.call('ZCARD', KEYS[1])
