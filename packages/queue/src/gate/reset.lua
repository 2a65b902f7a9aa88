-- Forgets how often the handlers of an event have failed, so that those that have not succeeded begin anew. What is
-- settled stays so.
--
-- KEYS[1] ledger

if redis.call('HGET', KEYS[1], '@') == 'done' then
  return 0
end
local removed = 0
local seen = string.match(redis.call('HGET', KEYS[1], '!') or '', '^%d+')
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  if flat[i + 1] ~= '+' then
    removed = removed + redis.call('HDEL', KEYS[1], flat[i])
  end
end
-- What was found of it so far is not found again: only its lost runs are forgotten.
if seen then
  redis.call('HSET', KEYS[1], '!', seen .. '|0|0|0|0|0|0|')
end
return removed
