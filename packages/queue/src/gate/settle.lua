-- Ends an event for good, whatever its handlers came to: its duplicates are dropped as long as it is remembered.
--
-- KEYS[1] ledger   ARGV[1] how long a settled event is remembered, ms

redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], '@', 'done')
return redis.call('PEXPIRE', KEYS[1], ARGV[1])
