-- Makes what waits for another try due now.
--
-- KEYS[1] ledger
--
-- Returns how many handlers are due because of it

local made = 0
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  local state, failures, details = string.match(flat[i + 1], '^(%a+)|(%d+)|%d+|(.*)$')
  if (state == 'retry' or state == 'later') and flat[i] ~= '@' and flat[i] ~= '!' and flat[i] ~= '?' then
    redis.call('HSET', KEYS[1], flat[i], state .. '|' .. failures .. '|0|' .. details)
    made = made + 1
  end
end
return made
