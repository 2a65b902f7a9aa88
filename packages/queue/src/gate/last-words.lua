-- Records what a process says, at its end, of a run that it leaves behind. The record is described in begin.lua.
--
-- KEYS[1] ledger   ARGV[1] run number   ARGV[2] 'own' | 'other' | 'unknown'   ARGV[3] cause

if redis.call('HGET', KEYS[1], '@') == 'done' then
  return 0
end
-- A process that stands still may speak again when a later run is under way, and may have spoken for itself.
local later = tonumber(string.match(redis.call('HGET', KEYS[1], '?') or '', '^%d+') or 0)
local open = tonumber(string.match(redis.call('HGET', KEYS[1], '!') or '', '^%d+|%d+|%d+|(%d+)|') or 0)
if math.max(later, open) > tonumber(ARGV[1]) then
  return 0
end
redis.call('HDEL', KEYS[1], '?')
redis.call('HSET', KEYS[1], '?', ARGV[1] .. '|' .. ARGV[2] .. '|' .. ARGV[3])
return 1
