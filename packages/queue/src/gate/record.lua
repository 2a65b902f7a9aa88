-- Records that one handler has succeeded while others of the same event still run.
--
-- KEYS[1] ledger   KEYS[2] newest dates
-- ARGV[1] handler   ARGV[2] date of the event, fixed width   ARGV[3] '1' if latestOnly
-- ARGV[4] how long a settled event is remembered, ms

-- The end of the attempt can have been faster.
if redis.call('HGET', KEYS[1], '@') == 'done' then
  return 0
end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[1], '+')
if ARGV[3] == '1' then
  note_newest(KEYS[2], ARGV[1], ARGV[2], ARGV[4])
end
return 1
