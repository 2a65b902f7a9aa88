-- Forgets how often the handlers of an event have failed, so that those that have not succeeded begin anew. What is
-- settled stays so.
--
-- KEYS[1] ledger

if redis.call('HGET', KEYS[1], '@') == 'done' then
  return 0
end
local removed = 0
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  if flat[i + 1] ~= '+' then
    removed = removed + redis.call('HDEL', KEYS[1], flat[i])
  end
end
return removed
