-- Releases the lock of a grant, unless it has expired and has another holder.
--
-- KEYS[1] the lock   ARGV[1] holder

if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
