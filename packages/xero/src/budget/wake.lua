-- Gives those who have to wait for an organisation's limits a time each to come back, as fast as the limits allow and not
-- faster.
--
-- KEYS[1] limits of the organisation
-- ARGV[1] which line they stand in   ARGV[2] how many   ARGV[3] the wait of the first at least, ms
-- ARGV[4] ms from one group to the next   ARGV[5] how many are a group
-- ARGV[6] ms from one to the next within a group   ARGV[7] how long the key is kept, ms
--
-- Returns how long each waits, ms

local limits, line = KEYS[1], ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local from, place = line .. 'From', line .. 'Place'
local interval, size = tonumber(ARGV[4]), tonumber(ARGV[5])

local earliest = now + tonumber(ARGV[3])
local start = tonumber(redis.call('HGET', limits, from) or '0')
local taken = tonumber(redis.call('HGET', limits, place) or '0')
local tail = start + math.floor(taken / size) * interval
-- A line that has come to its end, or that begins much later than is known to be necessary now, begins anew.
if tail < earliest or start > earliest + 5000 then
  start, taken = earliest, 0
end

-- First something that only removes: Redis lets a script that has begun to write go on when memory has run out.
redis.call('HDEL', limits, from, place)

local waits = {}
for i = 1, tonumber(ARGV[2]) do
  local inside = (taken % size) * tonumber(ARGV[6])
  waits[i] = math.floor(start + math.floor(taken / size) * interval + inside - now)
  taken = taken + 1
end
redis.call('HSET', limits, from, string.format('%.0f', start), place, taken)
local keep = math.max(waits[#waits] + 60000, tonumber(ARGV[7]))
if redis.call('PTTL', limits) < keep then
  redis.call('PEXPIRE', limits, string.format('%.0f', keep))
end
return waits
