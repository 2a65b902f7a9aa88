-- Ends an event for good, whatever its handlers came to.
--
-- KEYS[1] ledger   ARGV[1] how long a settled event is remembered, ms

settle(KEYS[1], ARGV[1])
return 1
