-- Stores a refreshed token set, if the one that it was refreshed from is still the newest.
--
-- KEYS[1] the grant (hash)   ARGV[1] encrypted token set   ARGV[2] now, ms since 1970   ARGV[3…] versions that it was refreshed from
--
-- Returns 1 if it is stored, 0 if there is a newer one or none at all.

local version = redis.call('HGET', KEYS[1], 'tokens')
-- The same call again, after its reply got lost.
if version == ARGV[1] then
  return 1
end
for i = 3, #ARGV do
  if version == ARGV[i] then
    redis.call('HDEL', KEYS[1], 'reason')
    redis.call('HSET', KEYS[1], 'tokens', ARGV[1], 'state', 'live', 'updatedAt', ARGV[2])
    return 1
  end
end
return 0
