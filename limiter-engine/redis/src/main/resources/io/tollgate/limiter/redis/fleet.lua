-- What the instances that share this Redis know of each other.
--
-- KEYS: the key of identifier hashes; the instances, by when each was last seen; the namespaces;
-- one to rehearse with; maybe one of another slot, which a Cluster would refuse.
-- ARGV: the hash key to agree on, empty to leave it; the instance's id; how long it counts without
-- a word, in microseconds, 0 when it leaves; 1 to find out whether scripts may do what they do.
-- Answers: the hash key agreed on, empty when there is none; how many instances there are; the
-- version of the namespaces, 0 when there are none; Redis's time in microseconds; the commands that
-- scripts may not run, in which case nothing else has happened.

if ARGV[4] == '1' then
  local refused, forbidden = refused_commands(KEYS[4]), {}
  for i = 1, #refused, 2 do
    -- Others, such as of a Redis without memory, pass by themselves.
    if refused[i + 1]:find("can't run", 1, true) then
      forbidden[#forbidden + 1] = refused[i]
    end
  end
  if #forbidden > 0 then
    return {'', '1', '0', '0', table.concat(forbidden, ' ')}
  end
end

local offered, id, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

local function digits(number)
  return string.format('%.0f', number)
end

local hash_key = redis.call('GET', KEYS[1])
if not hash_key and offered ~= '' then
  redis.call('SET', KEYS[1], offered)
  hash_key = offered
end

-- First, for a Redis without memory does it, and then the other writes of the same call too: it
-- still denies, and must be greeted for that.
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. digits(now))
if ttl > 0 then
  -- Nobody can have been seen later than now, unless the clock was stepped forward and back.
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '(' .. digits(now + ttl), '+inf')
  redis.call('ZADD', KEYS[2], digits(now + ttl), id)
  redis.call('PEXPIREAT', KEYS[2], digits((now + 10 * ttl) / 1000))
else
  redis.call('ZREM', KEYS[2], id)
end

local version = redis.call('HGET', KEYS[3], '') or '0'
return {hash_key or '', digits(redis.call('ZCARD', KEYS[2])), version, digits(now), ''}
