-- Sends requests that were signed before, each once unless it may begin again, and says what came back.
-- The file has a line for each: the signature, a space, the body. A part of it belongs to each phase of a run.

local requests, next_one, again = {}, 0, false

function init(args)
  local from, count = tonumber(args[2]), tonumber(args[3])
  again = args[4] == 'again'
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

function request()
  next_one = next_one + 1
  if next_one > #requests then
    -- A second time would be a duplicate in a queue: better to break off.
    if not again then
      error('all requests are used up')
    end
    next_one = 1
  end
  return requests[next_one]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"refused":%d,"broken":%d,"p50":%d,"p99":%d,"p999":%d}\n',
    summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
