-- Stores the token set of a new authorisation, over any other.
--
-- KEYS[1] the grant (hash)   ARGV[1] encrypted token set   ARGV[2] now, ms since 1970

redis.call('HDEL', KEYS[1], 'reason')
redis.call('HSET', KEYS[1], 'tokens', ARGV[1], 'state', 'live', 'updatedAt', ARGV[2])
return 1
