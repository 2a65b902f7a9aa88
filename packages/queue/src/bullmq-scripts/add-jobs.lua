-- Adds jobs in the order given, each as BullMQ's own script does, which stands before this text as `add`. Returns the places
-- of those that the queue had already, from 0.
--
-- KEYS: those of BullMQ's script
-- ARGV: the options of all jobs, then the key, the arguments and the data of each

local options, duplicates = ARGV[1], {}
for at = 2, #ARGV, 3 do
  if redis.call('EXISTS', ARGV[at]) == 1 then
    table.insert(duplicates, (at - 2) / 3)
  end
  add(KEYS, { ARGV[at + 1], ARGV[at + 2], options })
end
return duplicates
