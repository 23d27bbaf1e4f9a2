-- Finds out which commands of all scripts this user may not run, by running each over a key of no
-- other use. Redis says in a script that there is one, but not which.

local function forbidden_commands(key)
  local rehearsed = {
    { 'DEL', key }, { 'EXISTS', key }, { 'GET', key }, { 'TIME' }, { 'TYPE', key },
    { 'SET', key, '', 'PX', 1000 }, { 'PEXPIRE', key, 1000 }, { 'PEXPIREAT', key, 1 },
    { 'RPUSH', key, '' }, { 'LINDEX', key, 0 }, { 'LLEN', key }, { 'LRANGE', key, 0, 0 },
    { 'LSET', key, 0, '' }, { 'LTRIM', key, 0, 0 }, { 'RPOP', key },
    { 'HSET', key, '', '' }, { 'HGET', key, '' }, { 'HDEL', key, '' },
    { 'ZADD', key, 0, '' }, { 'ZCARD', key }, { 'ZRANGE', key, 0, 0 },
    { 'ZRANGEBYSCORE', key, 0, 0 }, { 'ZREM', key, '' }, { 'ZREMRANGEBYSCORE', key, 0, 0 },
  }
  local forbidden = {}
  for i = 1, #rehearsed do
    local said = redis.pcall(unpack(rehearsed[i]))
    if type(said) == 'table' and said.err and said.err:find("can't run", 1, true) then
      forbidden[#forbidden + 1] = rehearsed[i][1]
    end
  end
  return table.concat(forbidden, ' ')
end
