-- Reads keys as they are stored; what is not there is empty.

local found = {}
for i = 1, #KEYS do
  found[i] = redis.call('GET', KEYS[i]) or ''
end
return found
