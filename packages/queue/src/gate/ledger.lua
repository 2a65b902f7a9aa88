-- What Redis keeps of events and resources, and the one place where scripts read and write it. This text is put before
-- every script of the gate that needs it. codec.ts describes the arguments and replies of the scripts.
--
-- Ledger of an event (hash), with a field for each handler:
--   '+'                            the handler has succeeded
--   'state|failures|due|details'   it has not: 'retry', 'later' or 'dead'; due in ms since 1970; details are JSON
-- and fields for the whole event:
--   '@'  'done', or 'dead|stalls|run number' as of the run that found it dead
--   '!'  lost runs, see read_crashes; missing if no run was ever lost
--   '?'  what the process of a run said at its end: 'run number|own, other or unknown|cause'
-- Lock of a resource (string): 'job|run number|run token'.
-- Turns of a resource (sorted set): the jobs that wait for it, the oldest first.
-- Newest dates of a resource (hash): by handler, the date of the newest event that it has handled, in fixed width.
--
-- "Stalls" is how often BullMQ has found a job without its worker. Times are by Redis's clock.

-- How long a run that its own process has blamed waits before it runs again, ms.
local BLAMED_DELAY = 2000

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Lua would write large numbers with an exponent.
local function whole(number)
  return string.format('%.0f', number)
end

local function split_entry(entry)
  return string.match(entry, '^(%a+)|(%d+)|(%d+)|(.*)$')
end

local function join_entry(state, failures, due, details)
  return state .. '|' .. failures .. '|' .. due .. '|' .. details
end

local function read_entries(ledger)
  local entries = {}
  local flat = redis.call('HGETALL', ledger)
  for i = 1, #flat, 2 do
    entries[flat[i]] = flat[i + 1]
  end
  return entries
end

-- Ends an event for good: duplicates are dropped while it is remembered.
local function settle(ledger, remember_ms)
  redis.call('DEL', ledger)
  redis.call('HSET', ledger, '@', 'done')
  redis.call('PEXPIRE', ledger, remember_ms)
end

local function mark_dead(ledger, stalls, run_number)
  redis.call('HSET', ledger, '@', 'dead|' .. stalls .. '|' .. run_number)
end

local function note_newest(newest, handler, date, remember_ms)
  local newer = redis.call('HGET', newest, handler)
  if not newer or newer < date then
    redis.call('HSET', newest, handler, date)
  end
  redis.call('PEXPIRE', newest, remember_ms)
end

-- Lost runs, 'seen|lost|alone|open|apart|suspect|due|cause':
--   seen     stalls at the last look
--   lost     runs that were lost
--   alone    those of them that nothing else can have ended
--   open     number of the run that is under way, 0 if none is
--   apart    '1' if nothing runs beside that run
--   suspect  '1' if the next run has to be alone
--   due      when that run may begin
--   cause    why the last run was lost, of those that have said why
local function read_crashes(entry)
  local seen, lost, alone, open, apart, suspect, due, cause =
    string.match(entry or '', '^(%d+)|(%d+)|(%d+)|(%d+)|(%d)|(%d)|(%d+)|(.*)$')
  return {
    known = seen ~= nil,
    seen = tonumber(seen or 0),
    lost = tonumber(lost or 0),
    alone = tonumber(alone or 0),
    open = open or '0',
    apart = apart or '0',
    suspect = suspect or '0',
    due = tonumber(due or 0),
    cause = cause or '',
  }
end

local function write_crashes(ledger, c)
  redis.call('HSET', ledger, '!', string.format('%d|%d|%d|%s|%s|%s|%.0f|%s', c.seen, c.lost, c.alone, c.open, c.apart,
    c.suspect, c.due, c.cause))
end

local function join_last_words(run_number, blame, cause)
  return run_number .. '|' .. blame .. '|' .. cause
end

local function split_last_words(words)
  return string.match(words or '', '^(%d+)|(%a+)|(.*)$')
end

