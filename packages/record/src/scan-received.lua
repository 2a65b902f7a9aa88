-- Reads part of the stream of received events, newest first, and returns the lines in which all texts occur.
--
-- KEYS[1] the stream   ARGV[1] newest id   ARGV[2] oldest id   ARGV[3] how many groups to look at   ARGV[4 …] texts
--
-- Returns { id to go on below, or '' at the end, line, line, … }

local groups = redis.call('XREVRANGE', KEYS[1], ARGV[1], ARGV[2], 'COUNT', ARGV[3])
local result = { #groups == tonumber(ARGV[3]) and groups[#groups][1] or '' }

local function has_all(text)
  for index = 4, #ARGV do
    if not string.find(text, ARGV[index], 1, true) then
      return false
    end
  end
  return true
end

for _, group in ipairs(groups) do
  local text = group[2][2]
  if has_all(text) then
    for line in string.gmatch(text, '[^\n]+') do
      if has_all(line) then
        table.insert(result, line)
      end
    end
  end
end
return result
