-- Removes records of one organisation.
--
-- KEYS[1] what the keys of its records begin with, see keys.ts   ARGV their jobs

local root = KEYS[1]
local times, open = root .. '-times', root .. '-open'

local gone, of_resource = {}, {}
for _, job in ipairs(ARGV) do
  local record = root .. ':' .. job
  local resource = string.match(redis.call('GET', record) or '', '^1\t[^\t]*\t([^\t]*)\t')
  gone[job] = true
  if resource then
    of_resource[root .. '-of:' .. resource] = true
  end
  redis.call('DEL', record)
  redis.call('ZREM', times, job)
  redis.call('ZREM', open, job)
end

for key in pairs(of_resource) do
  local kept = {}
  for job in string.gmatch(redis.call('GET', key) or '', '[^\n]+') do
    if not gone[job] then
      table.insert(kept, job .. '\n')
    end
  end
  if #kept > 0 then
    redis.call('SET', key, table.concat(kept))
  else
    redis.call('DEL', key)
  end
end
