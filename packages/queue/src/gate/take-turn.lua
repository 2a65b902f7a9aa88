-- Puts a job that found its resource busy into the queue for that resource. The job must already be delayed, so that the
-- run that frees the resource can wake it.
--
-- KEYS[1] lock   KEYS[2] turns
-- ARGV[1] job id   ARGV[2] its place: the lowest goes first   ARGV[3] how long the queue is kept, ms
--
-- Returns 1 if the job waits for its turn, 0 if the resource is free by now

if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
