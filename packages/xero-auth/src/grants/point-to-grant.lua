-- Points exactly these organisations to a grant, and removes others that pointed to it.
--
-- KEYS[1] organisations (hash)   ARGV[1] grant id   ARGV[2…] for each organisation: its id, its record as JSON
--
-- Returns the ids of the removed ones.

local listed = {}
for i = 2, #ARGV, 2 do
  listed[ARGV[i]] = true
end

-- Within the text of another field the quotes would be escaped.
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
