-- Marks a grant as dead, if the token set that Xero rejected is still the newest.
--
-- KEYS[1] the grant (hash)   ARGV[1] rejected version   ARGV[2] reason   ARGV[3] now, ms since 1970
--
-- Returns 1 if it was live until now.

local version, state = unpack(redis.call('HMGET', KEYS[1], 'tokens', 'state'))
if version ~= ARGV[1] or state ~= 'live' then
  return 0
end
-- Remove something first: when memory has run out, Redis lets a script that has begun to write continue.
redis.call('HDEL', KEYS[1], 'reason')
redis.call('HSET', KEYS[1], 'state', 'dead', 'reason', ARGV[2], 'updatedAt', ARGV[3])
return 1
