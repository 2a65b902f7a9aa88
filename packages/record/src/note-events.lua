-- Adds lines to the records of several events.
--
-- KEYS, four for each event: see note_record
-- ARGV, four for each event: its job, first line, lines, '1' where it is not settled

for index = 0, #KEYS / 4 - 1 do
  local arg = 1 + index * 4
  note_record(1 + index * 4, ARGV[arg], ARGV[arg + 1], ARGV[arg + 2], ARGV[arg + 3] == '1')
end
