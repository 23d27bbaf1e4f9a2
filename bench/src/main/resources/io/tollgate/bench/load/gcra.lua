-- GCRA as people write it who have Redis and no rate limiter: one check, three commands of Redis.
-- KEYS[1]: who is limited. ARGV: burst (units), count (that come back in a period), period (s).
-- Reply: five integers in redis-cell's order: 0 yes or 1 no, limit, remaining, seconds until the
-- same would pass or -1, seconds until all units are back.
-- Invariant: a key holds the microsecond at which all units are back, and lives until then.

local burst, count, period = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = period * 1000000 / count
local limit = burst + 1

local full = now
local stored = redis.call('GET', KEYS[1])
if stored then
  full = math.max(now, tonumber(stored))
end

local after = full + interval
local wait = after - limit * interval - now
if wait > 0 then
  local remaining = math.floor(limit - (full - now) / interval)
  return {1, limit, remaining, math.ceil(wait / 1000000), math.ceil((full - now) / 1000000)}
end
redis.call('SET', KEYS[1], after, 'PX', math.ceil((after - now) / 1000))
local remaining = math.floor(limit - (after - now) / interval)
return {0, limit, remaining, -1, math.ceil((after - now) / 1000000)}
