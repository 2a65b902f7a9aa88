-- Notes that a grant has ended, where the token set that Xero refused is still the newest.
--
-- KEYS[1] the grant (hash)   ARGV[1] version that was refused   ARGV[2] why   ARGV[3] now, ms since 1970
--
-- Returns 1 where it was alive until now.

local version, state = unpack(redis.call('HMGET', KEYS[1], 'tokens', 'state'))
if version ~= ARGV[1] or state ~= 'live' then
  return 0
end
-- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
redis.call('HDEL', KEYS[1], 'reason')
redis.call('HSET', KEYS[1], 'state', 'dead', 'reason', ARGV[2], 'updatedAt', ARGV[3])
return 1
