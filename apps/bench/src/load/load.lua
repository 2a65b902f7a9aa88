-- Sends signed requests from a file, each once unless it may start over, and prints the result.
-- Each line of the file has the signature, a space and the body. Each phase of a run uses its own part of the file.
--
-- When the time is up, each connection goes quiet after its last answer. When all are quiet, every request has its
-- answer and the script prints QUIET; the caller then stops wrk.

local ffi = require('ffi')
ffi.cdef('struct bench_time { long seconds; int microseconds; int padding; }; int gettimeofday(struct bench_time *, void *);')
local clock = ffi.new('struct bench_time')

local requests, next_one, again, sent = {}, 0, false, 0
local connections, quiet, limit, began = 0, 0, 0, nil
local was_verified = false

local function now()
  ffi.C.gettimeofday(clock, nil)
  return tonumber(clock.seconds) + tonumber(clock.microseconds) / 1e6
end

function init(args)
  local from, count = tonumber(args[2]), tonumber(args[3])
  again = args[4] == 'again'
  connections, limit = tonumber(args[5]), tonumber(args[6])
  local line_number = 0
  for line in io.lines(args[1]) do
    line_number = line_number + 1
    if line_number > from then
      local space = string.find(line, ' ', 1, true)
      requests[#requests + 1] = wrk.format('POST', nil, {
        ['content-type'] = 'application/json; charset=utf-8',
        ['x-xero-signature'] = string.sub(line, 1, space - 1),
      }, string.sub(line, space + 1))
      if #requests == count then
        break
      end
    end
  end
end

-- wrk calls it once for each open connection, and then once for each answer.
function request()
  -- wrk only checks the first request and does not send it.
  if not was_verified then
    was_verified = true
    return requests[1]
  end
  local time = now()
  began = began or time
  if time - began >= limit then
    return be_quiet(time)
  end
  next_one = next_one + 1
  if next_one > #requests then
    -- Sent twice, an event would be a duplicate in the queue, so stop instead.
    if not again then
      error('ran out of requests')
    end
    next_one = 1
  end
  sent = sent + 1
  return requests[next_one]
end

function be_quiet(time)
  quiet = quiet + 1
  if quiet == connections then
    io.write(string.format('QUIET {"sent":%d,"seconds":%.6f}\n', sent, time - began))
    io.flush()
  end
  return ''
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"answered":%d,"microseconds":%d,"refused":%d,"broken":%d,"p50":%d,"p99":%d,"p999":%d}\n',
    summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
