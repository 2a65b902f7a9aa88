-- Keeps one body that was signed but could not be read, whole or in part. The same body is kept once, however often it is
-- received.
--
-- KEYS[1] the entry (hash)   KEYS[2] all entries by time (sorted set)   KEYS[3] bytes in use (counter)
-- ARGV[1] id   ARGV[2] limit of bytes in use   ARGV[3] body   ARGV[4] cause   ARGV[5] detail   ARGV[6] received at, ms
-- ARGV[7] delivery id
--
-- Returns { 'known' | 'kept' | 'full', bytes in use }

local used = tonumber(redis.call('GET', KEYS[3]) or '0')
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HINCRBY', KEYS[1], 'times', 1)
  return { 'known', used }
end

local size = #ARGV[3]
if used + size > tonumber(ARGV[2]) then
  return { 'full', used }
end

redis.call('HSET', KEYS[1], 'body', ARGV[3], 'cause', ARGV[4], 'detail', ARGV[5], 'receivedAt', ARGV[6],
  'deliveryId', ARGV[7], 'times', 1)
redis.call('ZADD', KEYS[2], ARGV[6], ARGV[1])
return { 'kept', redis.call('INCRBY', KEYS[3], size) }
