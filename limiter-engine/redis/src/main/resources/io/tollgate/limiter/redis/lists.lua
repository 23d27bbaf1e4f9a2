-- The two limits whose state grows with use.
--
-- A log is a list: first pack(LOG, window, sum), then its entries (time, cost), oldest first. What
-- has expired is counted off while reading, and cut off when the log is written.
-- Leases are a sorted set of ids by expiry, and beside it a hash: id to weight and time to live,
-- '' to their sum and the time of the latest grant.

local CHUNK = 64
local MOST_ENTRIES = 10000

local function log_header(raw)
  local _, window, sum = unpack_from('<BI7I7', raw)
  return window, sum
end

-- Calls each(time, cost) for the entries that still count, oldest first, until it returns true.
local function each_entry(l, each)
  local at = 1 + l.dropped
  while true do
    local some = redis.call('LRANGE', l.key, at, at + CHUNK - 1)
    for i = 1, #some do
      local time, cost = unpack_from('<I7I7', some[i])
      if each(time, cost) then
        return
      end
    end
    if #some < CHUNK then
      return
    end
    at = at + #some
  end
end

local function newest_entry(l)
  local raw = redis.call('LINDEX', l.key, -1)
  return unpack_from('<I7I7', raw)
end

-- Reads a log; window is its own, which another limit may have written.
local function load_log(l, header)
  l.window, l.used = log_header(header)
  l.kind, l.tick, l.dropped = LOG, 1, 0
  l.size = redis.call('LLEN', l.key) - 1
  l.time = 0
  if l.size > 0 then
    l.time, l.newest_cost = newest_entry(l)
  end
end

-- Writes how much an entry counts, and when, over the newest one.
local function set_newest(l, time, cost)
  redis.call('LSET', l.key, -1, pack('<I7I7', time, cost))
  l.time, l.newest_cost = time, cost
end

-- Makes a list that holds only a place for its header.
local function begin_list(l)
  if l.size < 0 then
    redis.call('RPUSH', l.key, '')
    l.size = 0
  end
end

local function append_entry(l, time, cost)
  local most = floor_div(MAX, MOST_ENTRIES)
  local added = min(cost, most)
  local live = l.size - l.dropped
  if live > 0 and (l.time == time or live == MOST_ENTRIES) then
    added = min(added, most - l.newest_cost)
    set_newest(l, time, l.newest_cost + added)
  else
    begin_list(l)
    redis.call('RPUSH', l.key, pack('<I7I7', time, added))
    l.size = l.size + 1
    l.time, l.newest_cost = time, added
  end
  l.used = l.used + added
end

local function drop_newest(l)
  redis.call('RPOP', l.key)
  l.size = l.size - 1
  l.time, l.newest_cost = 0, 0
  if l.size > l.dropped then
    l.time, l.newest_cost = newest_entry(l)
  end
end

local function pull_back_log(l, time)
  local moved = 0
  while l.size > 0 and l.time >= time do
    moved = moved + l.newest_cost
    l.used = l.used - l.newest_cost
    drop_newest(l)
  end
  if moved > 0 then
    append_entry(l, time, moved)
  end
  l.moved = true
end

local function advance_log(l, now, ahead)
  local counted = now
  if l.size > 0 and l.time > now then
    if l.time - now <= ahead then
      counted = l.time
    else
      pull_back_log(l, now)
    end
  end
  local until_, gone = counted - l.window, 0
  if l.size > 0 then
    each_entry(l, function(time, cost)
      if time > until_ then
        return true
      end
      l.used, gone = l.used - cost, gone + 1
    end)
    l.dropped = l.dropped + gone
    if l.dropped == l.size then
      l.time, l.newest_cost = 0, 0
    end
  end
  return counted
end

local function drop_empty_newest(l)
  while l.size > l.dropped and l.newest_cost == 0 do
    drop_newest(l)
  end
end

local function take_newest(l, units)
  local left = min(units, l.used)
  while left > 0 do
    local taken = min(left, l.newest_cost)
    set_newest(l, l.time, l.newest_cost - taken)
    l.used, left = l.used - taken, left - taken
    drop_empty_newest(l)
  end
end

-- Takes units from the entry added at a time, if it is still there.
local function take_at(l, at, units)
  local index, found, cost = l.dropped, nil, nil
  each_entry(l, function(time, counts)
    index = index + 1
    found, cost = time == at, counts
    return time >= at
  end)
  if found then
    local taken = min(units, cost)
    redis.call('LSET', l.key, index, pack('<I7I7', at, cost - taken))
    l.used = l.used - taken
    if index == l.size then
      l.newest_cost = cost - taken
      drop_empty_newest(l)
    end
  end
end

-- The time of the entry with which, oldest first, at least so many units are freed.
local function log_frees(l, units)
  local freed, at = 0, 0
  each_entry(l, function(time, cost)
    freed, at = freed + cost, time
    return freed >= units
  end)
  return at
end

-- Writes the header anew without what has expired.
local function save_log(l)
  begin_list(l)
  redis.call('LTRIM', l.key, l.dropped, -1)
  redis.call('LSET', l.key, 0, pack('<BI7I7', LOG, l.window, l.used))
  l.size, l.dropped = l.size - l.dropped, 0
end

local function lease_numbers(l, id)
  local raw = redis.call('HGET', l.beside, id)
  if raw then
    return unpack_from('<I7I7', raw)
  end
end

local function load_leases(l)
  l.used, l.granted = lease_numbers(l, '')
  l.used, l.granted, l.tick = l.used or 0, l.granted or 0, 1
end

local function save_leases(l)
  if redis.call('ZCARD', l.key) == 0 then
    redis.call('DEL', l.beside)
    return
  end
  redis.call('HSET', l.beside, '', pack('<I7I7', l.used, l.granted))
end

local function end_lease(l, id)
  local weight = lease_numbers(l, id)
  if weight then
    redis.call('HDEL', l.beside, id)
    redis.call('ZREM', l.key, id)
    l.used = l.used - weight
  end
  return weight
end

local function put_lease(l, id, weight, now, ttl)
  end_lease(l, id)
  redis.call('ZADD', l.key, now + ttl, id)
  redis.call('HSET', l.beside, id, pack('<I7I7', weight, ttl))
  l.granted = max(l.granted, now)
  l.used = min(MAX, l.used + weight)
end

local function advance_leases(l, now, ahead)
  if l.granted == 0 then
    return now
  end
  if l.granted - now > ahead then
    local all = redis.call('ZRANGE', l.key, 0, -1, 'WITHSCORES')
    for i = 1, #all, 2 do
      local weight, ttl = lease_numbers(l, all[i])
      put_lease(l, all[i], weight, now, min(ttl, tonumber(all[i + 1]) - now))
    end
    l.granted, l.moved = now, true
  end
  local over = redis.call('ZRANGEBYSCORE', l.key, '-inf', string.format('%.0f', now))
  for i = 1, #over do
    end_lease(l, over[i])
  end
  if l.moved or #over > 0 then
    save_leases(l)
  end
  return now
end

local function leases_free(l, units)
  local freed, at = 0, 0
  while true do
    local some = redis.call('ZRANGE', l.key, at, at + CHUNK - 1, 'WITHSCORES')
    for i = 1, #some, 2 do
      freed = freed + lease_numbers(l, some[i])
      if freed >= units then
        return tonumber(some[i + 1])
      end
    end
    if #some < 2 * CHUNK then
      return #some > 0 and tonumber(some[#some]) or 0
    end
    at = at + CHUNK
  end
end

local function latest_lease(l)
  if l.granted == 0 then
    return 0
  end
  local last = redis.call('ZRANGE', l.key, -1, -1, 'WITHSCORES')
  return last[2] and tonumber(last[2]) or 0
end
