-- Compares the numbers that Xero gave its events with those that came before. What they mean is not documented: what this
-- finds is a hint, and no event waits for it. sequences.ts says what follows from it.
--
-- KEYS[1] what is known of one webhook key (hash)   KEYS[2] numbers that are missing (sorted set, by their first)
-- KEYS[3] all webhook keys that something is known of (set)
-- ARGV[1] ranges that may be missing at most   ARGV[2] life of all, ms   ARGV[3] what names the webhook key
-- ARGV[4...] first and last of each request
--
-- Fields: next    the number that should come
--         low     the number that should come next if the numbering has begun anew, and `lows` how often it did
--         seen    requests, and `odd` those that do not fit numbers that go on from one request to the next; both are halved
--                 once an hour, at `halved`
--         at      when the last request came
-- Missing: 'first-last-found-before', found and before (the request before) in ms since 1970
--
-- Returns how many gaps were opened and how many closed, in whole or in part, how many requests repeated numbers, and how
-- often the numbering began anew

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local max_missing, life = tonumber(ARGV[1]), ARGV[2]

local HOUR, FAR, LOWS = 3600000, 1000000, 20

local function number(text)
  return tonumber(text or '') or nil
end

local state = redis.call('HMGET', KEYS[1], 'next', 'low', 'lows', 'seen', 'odd', 'halved', 'at')
local expected, low, lows = number(state[1]), number(state[2]), number(state[3]) or 0
local seen, odd, halved, at = number(state[4]) or 0, number(state[5]) or 0, number(state[6]) or now, number(state[7])
local opened, closed, repeated, begun = 0, 0, 0, 0

local function text_of(value)
  return string.format('%.0f', value)
end

local missing = redis.call('ZCARD', KEYS[2])

local function forget_missing()
  redis.call('DEL', KEYS[2])
  missing = 0
end

local function add_missing(first, last, found, before)
  if first > last then
    return
  end
  local member = table.concat({ text_of(first), text_of(last), text_of(found), text_of(before) }, '-')
  redis.call('ZADD', KEYS[2], text_of(first), member)
  missing = missing + 1
  if missing > max_missing then
    -- Where so much is missing, the numbers do not mean what they seem to.
    odd = odd + max_missing
    forget_missing()
  end
end

-- Takes numbers that have come out of those that are missing. Where others after them are still missing, they may be of
-- another numbering beside this one.
local function take_missing(first, last)
  local taken = false
  -- Ranges do not overlap: of those that begin before, only the last can reach as far.
  local near = redis.call('ZRANGE', KEYS[2], text_of(first), '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, 1)
  for _, member in ipairs(redis.call('ZRANGE', KEYS[2], '(' .. text_of(first), text_of(last), 'BYSCORE')) do
    table.insert(near, member)
  end
  for _, member in ipairs(near) do
    local from, to, found, before = string.match(member, '^(%d+)-(%d+)-(%d+)-(%d+)$')
    from, to = tonumber(from), tonumber(to)
    if to >= first then
      redis.call('ZREM', KEYS[2], member)
      missing = missing - 1
      add_missing(from, first - 1, tonumber(found), tonumber(before))
      add_missing(last + 1, to, tonumber(found), tonumber(before))
      taken = true
      if to > last then
        odd = odd + 1
      end
    end
  end
  return taken
end

local function begin_anew(last)
  forget_missing()
  expected, low, lows, begun = last + 1, nil, 0, begun + 1
end

for i = 4, #ARGV, 2 do
  local first, last = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  seen = seen + 1
  if not expected or first == expected then
    expected = last + 1
  elseif first > expected + FAR then
    odd = odd + 1
    begin_anew(last)
  elseif first > expected then
    add_missing(expected, first - 1, now, at or now)
    opened, expected = opened + 1, last + 1
  elseif take_missing(first, last) then
    closed, expected = closed + 1, math.max(expected, last + 1)
  else
    repeated, odd = repeated + 1, odd + 1
    -- The first low number that is followed by the one after it, and so on, is where the numbering has begun anew.
    lows = first == low and lows + 1 or 0
    low = last + 1
    expected = math.max(expected, last + 1)
    if lows >= LOWS then
      begin_anew(last)
    end
  end
  at = now
end

if now - halved > HOUR then
  seen, odd, halved = math.floor(seen / 2), math.floor(odd / 2), now
end
redis.call('HSET', KEYS[1], 'next', text_of(expected), 'lows', lows, 'seen', seen, 'odd', odd, 'halved', text_of(halved), 'at',
  text_of(at))
if low then
  redis.call('HSET', KEYS[1], 'low', text_of(low))
else
  redis.call('HDEL', KEYS[1], 'low')
end
redis.call('PEXPIRE', KEYS[1], life)
redis.call('PEXPIRE', KEYS[2], life)
redis.call('SADD', KEYS[3], ARGV[3])
redis.call('PEXPIRE', KEYS[3], life)
return { opened, closed, repeated, begun }
