-- Forgets how often the handlers of an event have failed, so that those that have not succeeded start again with all
-- their attempts. A settled event stays settled.
--
-- KEYS[1] ledger

local entries = read_entries(KEYS[1])
if entries['@'] == 'done' then
  return 0
end
local removed = 0
for name, entry in pairs(entries) do
  if entry ~= '+' then
    removed = removed + redis.call('HDEL', KEYS[1], name)
  end
end
-- Its lost runs are forgotten too, but the stalls that were counted so far are not counted again.
local crashes = read_crashes(entries['!'])
if crashes.known then
  write_crashes(KEYS[1], read_crashes(string.format('%d|0|0|0|0|0|0|', crashes.seen)))
end
return removed
