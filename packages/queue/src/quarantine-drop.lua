-- Drops one body.
--
-- KEYS[1] the entry   KEYS[2] all entries by time   KEYS[3] bytes in use   ARGV[1] id
--
-- Returns 1, or 0 if there is no such entry

local size = redis.call('HSTRLEN', KEYS[1], 'body')
redis.call('ZREM', KEYS[2], ARGV[1])
if redis.call('DEL', KEYS[1]) == 0 then
  return 0
end
redis.call('DECRBY', KEYS[3], size)
return 1
