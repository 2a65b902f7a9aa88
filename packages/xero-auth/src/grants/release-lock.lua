-- Lets the lock of a grant go, unless it has ended and somebody else has it.
--
-- KEYS[1] the lock   ARGV[1] who took it

if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
