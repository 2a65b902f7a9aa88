-- Makes the handlers that wait for another try due now.
--
-- KEYS[1] ledger

for handler, entry in pairs(read_entries(KEYS[1])) do
  local state, failures, _, details = split_entry(entry)
  if (state == 'retry' or state == 'later') and handler ~= '@' and handler ~= '!' and handler ~= '?' then
    redis.call('HSET', KEYS[1], handler, join_entry(state, failures, 0, details))
  end
end
