-- Has exactly these organisations point to a grant. Those that did and are not among them do not point anywhere after it.
--
-- KEYS[1] organisations (hash)   ARGV[1] grant id   ARGV[2…] for each organisation: its id, its record as JSON
--
-- Returns the ids of those that pointed to the grant and do not any more.

local listed = {}
for i = 2, #ARGV, 2 do
  listed[ARGV[i]] = true
end

-- Inside another field's text the quotes would have backslashes before them.
local mark = '"grantId":"' .. ARGV[1] .. '"'
local gone = {}
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  if not listed[flat[i]] and string.find(flat[i + 1], mark, 1, true) then
    table.insert(gone, flat[i])
    redis.call('HDEL', KEYS[1], flat[i])
  end
end
for i = 2, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
return gone
