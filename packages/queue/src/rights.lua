-- Returns those of the commands ARGV[2 …] that the user of this connection may not run on the key ARGV[1]. Servers before
-- 7.0 cannot tell.
local missing = {}
if redis.acl_check_cmd then
  for position = 2, #ARGV do
    -- Some commands take several keys, some one key and values: the same text serves for both.
    if not redis.acl_check_cmd(ARGV[position], ARGV[1], ARGV[1], ARGV[1]) then
      missing[#missing + 1] = ARGV[position]
    end
  end
end
return missing
