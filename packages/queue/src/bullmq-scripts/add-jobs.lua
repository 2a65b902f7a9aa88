-- Adds jobs in the order given, each as BullMQ's own script does, which stands before this text as `add`.
--
-- KEYS: those of BullMQ's script
-- ARGV: the options of all jobs, then the arguments and the data of each

local options, replies = ARGV[1], {}
for at = 2, #ARGV, 2 do
  table.insert(replies, add(KEYS, { ARGV[at], ARGV[at + 1], options }))
end
return replies
