-- Removes an organisation from its grant, unless it is the last one.
--
-- KEYS[1] organisations (hash)   ARGV[1] organisation   ARGV[2] its grant and ARGV[3] its connection, as in a record
-- ARGV[4] 'any' to remove even the last one
--
-- Returns 1 if it was removed, 2 if it is the last one, 0 if it does not exist with this grant and connection.

local record = redis.call('HGET', KEYS[1], ARGV[1])
if not record or not string.find(record, ARGV[2], 1, true) or not string.find(record, ARGV[3], 1, true) then
  return 0
end
local others = ARGV[4] == 'any'
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  if flat[i] ~= ARGV[1] and string.find(flat[i + 1], ARGV[2], 1, true) then
    others = true
  end
end
if not others then
  return 2
end
redis.call('HDEL', KEYS[1], ARGV[1])
return 1
