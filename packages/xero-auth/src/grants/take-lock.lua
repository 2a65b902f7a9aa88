-- Takes the lock of a grant, where nobody has it.
--
-- KEYS[1] the lock   ARGV[1] who takes it   ARGV[2] for how long, ms
--
-- Returns 1 where it is taken.

if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
-- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
