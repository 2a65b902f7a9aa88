-- Records what a process says, at its end, of a run that it leaves behind.
--
-- KEYS[1] ledger   ARGV[1] run number   ARGV[2] 'own' | 'other' | 'unknown'   ARGV[3] cause

local entries = redis.call('HMGET', KEYS[1], '@', '?', '!')
if entries[1] == 'done' then
  return 0
end
-- A process that stands still may speak while a later run is under way, whose process may have spoken already.
local spoken = tonumber(split_last_words(entries[2] or '') or 0)
local open = tonumber(read_crashes(entries[3] or '').open)
if math.max(spoken, open) > tonumber(ARGV[1]) then
  return 0
end
redis.call('HDEL', KEYS[1], '?')
redis.call('HSET', KEYS[1], '?', join_last_words(ARGV[1], ARGV[2], ARGV[3]))
return 1
