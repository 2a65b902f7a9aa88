-- Removes a token set, unless another one has replaced it.
--
-- KEYS[1] the grant (hash)   ARGV[1] version

if redis.call('HGET', KEYS[1], 'tokens') == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
