-- Replaces an encrypted token set with the same tokens under another key.
--
-- KEYS[1] the grant (hash)   ARGV[1] as it is encrypted now   ARGV[2] as it is to be encrypted
--
-- Returns 1 if it is done, 0 if there is another token set by now, or none.

if redis.call('HGET', KEYS[1], 'tokens') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'tokens', ARGV[2])
return 1
