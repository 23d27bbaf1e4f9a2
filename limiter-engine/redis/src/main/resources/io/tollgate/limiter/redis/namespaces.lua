-- The namespaces that were made through the API, as one hash: a field for each, and the version
-- under the empty name. A version is Redis's time of the last change, so that it is never used
-- twice, also where a change was lost with a master.
--
-- KEYS: the hash.
-- ARGV: read
--       put, how many there may be, name, text
--       delete, name
--       offer, version, then name and text of each: taken where there is no hash
-- Answers: what became of it: done, none (there was nothing to delete), full; the version, 0 when
-- there is no hash; after read then name and text of each.

local key, verb = KEYS[1], ARGV[1]

local function version()
  return redis.call('HGET', key, '') or '0'
end

local function changed()
  local clock = redis.call('TIME')
  local now = math.max(clock[1] * 1000000 + clock[2], tonumber(version()) + 1)
  redis.call('HSET', key, '', string.format('%.0f', now))
end

if verb == 'read' then
  local all = redis.call('HGETALL', key)
  local said = {'done', version()}
  for i = 1, #all, 2 do
    if all[i] ~= '' then
      said[#said + 1] = all[i]
      said[#said + 1] = all[i + 1]
    end
  end
  return said
end

local outcome = 'done'
if verb == 'put' then
  local name = ARGV[3]
  if redis.call('HEXISTS', key, name) == 0 and redis.call('HLEN', key) > tonumber(ARGV[2]) then
    return {'full', version()}
  end
  redis.call('HSET', key, name, ARGV[4])
  changed()
elseif verb == 'delete' then
  if redis.call('HDEL', key, ARGV[2]) == 0 then
    return {'none', version()}
  end
  changed()
elseif redis.call('EXISTS', key) == 0 then
  for i = 3, #ARGV, 2 do
    redis.call('HSET', key, ARGV[i], ARGV[i + 1])
  end
  redis.call('HSET', key, '', ARGV[2])
else
  outcome = 'none'
end
return {outcome, version()}
