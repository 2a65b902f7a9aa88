-- Adds lines to the records of several events.
--
-- KEYS, one for each event: what the keys of its organisation's records begin with
-- ARGV, four for each event: its job, first line, lines, '1' where it is not settled

for index, root in ipairs(KEYS) do
  local arg = index * 4 - 3
  note_record(root, ARGV[arg], ARGV[arg + 1], ARGV[arg + 2], ARGV[arg + 3] == '1')
end
