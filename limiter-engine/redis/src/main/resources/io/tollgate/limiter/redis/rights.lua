-- Which commands of all scripts this user may not run: each is tried over a key that nobody else
-- has. It holds a text while this runs and is gone afterwards: on a text the commands of other
-- types do nothing but complain of the type, which is no refusal.

-- Two texts for each command that is refused: its name, and why in Redis's words.
local function refused_commands(key)
  local refused = {}
  local function try(command, ...)
    local said = redis.pcall(command, ...)
    local words = type(said) == 'table' and said.err
    if not words or words:find('WRONGTYPE', 1, true) or words:find('no such key', 1, true) then
      return true
    end
    refused[#refused + 1] = command
    refused[#refused + 1] = words
    return false
  end
  try('TIME')
  -- Where there is no text, these would leave something.
  if try('SET', key, '', 'PX', 1000) then
    try('RPUSH', key, '')
    try('HSET', key, 'a', '')
    try('ZADD', key, 1, 'a')
  end
  try('GET', key)
  try('EXISTS', key)
  try('TYPE', key)
  try('LINDEX', key, 0)
  try('LLEN', key)
  try('LRANGE', key, 0, 0)
  try('LSET', key, 0, '')
  try('LTRIM', key, 0, 0)
  try('RPOP', key)
  try('HGET', key, 'a')
  try('HGETALL', key)
  try('HEXISTS', key, 'a')
  try('HLEN', key)
  try('HDEL', key, 'a')
  try('ZCARD', key)
  try('ZRANGE', key, 0, 0)
  try('ZRANGEBYSCORE', key, 0, 0)
  try('ZREM', key, 'a')
  try('ZREMRANGEBYSCORE', key, 0, 0)
  try('PEXPIRE', key, 1000)
  try('PEXPIREAT', key, 1)
  try('DEL', key)
  return refused
end
