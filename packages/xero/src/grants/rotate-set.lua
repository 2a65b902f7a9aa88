-- Keeps a refreshed token set, where the one that it was made from is still the newest.
--
-- KEYS[1] the grant (hash)   ARGV[1] version that was refreshed   ARGV[2] encrypted token set   ARGV[3] now, ms since 1970
--
-- Returns 1 where it is kept, 0 where a newer one is there, or none at all.

local version, tokens = unpack(redis.call('HMGET', KEYS[1], 'version', 'tokens'))
-- The same call once more, after a reply that got lost.
if tokens == ARGV[2] then
  return 1
end
if version ~= ARGV[1] then
  return 0
end
redis.call('HDEL', KEYS[1], 'reason')
redis.call('HSET', KEYS[1], 'tokens', ARGV[2], 'state', 'live', 'updatedAt', ARGV[3])
redis.call('HINCRBY', KEYS[1], 'version', 1)
return 1
