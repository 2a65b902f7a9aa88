-- Ends jobs in the order given, each as BullMQ's own script does, which stands before this text as `finish`. An error of one
-- job is its reply.
--
-- KEYS: those of BullMQ's script for the first job, then of each job the three that are its own
-- ARGV: the arguments of each job

local FIRST_OWN_KEY, OWN_KEYS, ARGS = 11, 3, 9

local keys, common, replies = {}, 14, {}
for at = 1, common do
  keys[at] = KEYS[at]
end
for job = 0, #ARGV / ARGS - 1 do
  for own = 0, OWN_KEYS - 1 do
    keys[FIRST_OWN_KEY + own] = KEYS[common + OWN_KEYS * job + own + 1]
  end
  local args = {}
  for at = 1, ARGS do
    args[at] = ARGV[ARGS * job + at]
  end
  local is_done, reply = pcall(finish, keys, args)
  -- Before Redis 7 an error of a command is a text, with where it happened before what it says.
  if not is_done and type(reply) ~= 'table' then
    reply = { err = string.match(reply, ': %-(.*)$') or reply }
  end
  table.insert(replies, reply)
end
return replies
