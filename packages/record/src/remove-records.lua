-- Removes records of one organisation.
--
-- KEYS[1] times   KEYS[2] resources   KEYS[3] open   KEYS[4 …] records   ARGV the jobs of those records, in their order

for index, job in ipairs(ARGV) do
  local key = KEYS[3 + index]
  local resource = string.match(redis.call('GET', key) or '', '^1\t[^\t]*\t([^\t]*)\t')
  redis.call('DEL', key)
  redis.call('ZREM', KEYS[1], job)
  redis.call('ZREM', KEYS[3], job)
  if resource then
    redis.call('ZREM', KEYS[2], resource .. ':' .. job)
  end
end
