-- One limit of a question: how it is read, loaded, judged, charged, written and reported.

local next_key = 0

local function take_key()
  next_key = next_key + 1
  return KEYS[next_key]
end

local function read_limit(arg, at)
  local l = { tick = 1, window = 0, mark = 0, time = 0, used = 0, previous = 0 }
  local shadow
  l.cost, shadow, l.kind = unpack_from('<I7BB', arg, at)
  l.shadow = shadow == 1
  l.key = take_key()
  if l.kind < LOG then
    return l, read_counter(l, arg, at + 8)
  elseif l.kind == LEASES then
    l.limit, at = unpack_from('<I7', arg, at + 9)
    l.beside = take_key()
  else
    l.limit, l.window, at = unpack_from('<I7I7', arg, at + 9)
  end
  return l, at
end

local function type_of(key)
  return redis.call('TYPE', key).ok
end

-- What stands under a key, whatever wrote it; nil when nothing does.
local function load_other(l)
  local kind = type_of(l.key)
  if kind == 'list' then
    local old = { key = l.key }
    load_log(old, redis.call('LINDEX', l.key, 0))
    return old
  elseif kind == 'zset' then
    return { kind = LEASES, used = 0, tick = 1 }
  elseif kind == 'string' then
    return decode(redis.call('GET', l.key))
  elseif kind ~= 'none' then
    error('holds a ' .. kind)
  end
end

local function advance_any(l, now, ahead)
  if l.kind == LOG then
    return advance_log(l, now, ahead)
  elseif l.kind == LEASES then
    return advance_leases(l, now, ahead)
  end
  return advance(l, now, ahead)
end

-- Leases and rates do not become each other: what is held is not used up, and nobody would release
-- what was.
local function take_over(old, l, micros, ahead)
  l.adopted = true
  old.now = of_micros(old, micros)
  if old.kind ~= LEASES then
    old.now = advance_any(old, old.now, floor_div(ahead, old.tick))
  end
  -- Its ticks may be coarser than ours: what is charged now is not charged earlier for that.
  local counted = max(to_micros(old, old.now), micros)
  l.moved = old.moved
  if old.kind == LOG and l.kind == LOG then
    l.size, l.dropped, l.used, l.time = old.size, old.dropped, old.used, old.time
    l.newest_cost = old.newest_cost
    l.now = advance_log(l, counted, ahead)
    return
  elseif old.kind < LOG and alike(old, l) then
    return adopt(old, l, counted, ahead)
  end
  l.replaces = old.kind >= LOG or l.kind >= LOG
  l.now = advance_any(l, of_micros(l, counted), 0)
  local units = (old.kind == LEASES or l.kind == LEASES) and 0 or used_units(old)
  if l.kind == LOG then
    l.used, l.time = units, units > 0 and l.now or 0
  elseif units > 0 then
    charge(l, units)
  end
end

local function begin_empty(l)
  if l.kind == LOG then
    l.size, l.dropped = -1, 0
  elseif l.kind == LEASES then
    l.granted = 0
  end
end

-- Reads what is stored as this kind of limit stores it; false when it is something else.
local function load_own(l)
  if l.kind == LOG then
    local header = redis.pcall('LINDEX', l.key, 0)
    if type(header) ~= 'string' then
      return not header
    end
    l.stored = log_header(header) == l.window
    if l.stored then
      load_log(l, header)
    end
    return l.stored
  elseif l.kind == LEASES then
    local held = redis.pcall('ZCARD', l.key)
    if type(held) == 'number' and held > 0 then
      l.stored = true
      load_leases(l)
    end
    return type(held) == 'number'
  end
  local raw = redis.pcall('GET', l.key)
  if type(raw) ~= 'string' then
    return not raw
  end
  l.stored = decode_own(l, raw)
  return l.stored
end

local function load(l, micros, ahead)
  begin_empty(l)
  if not load_own(l) then
    local old = load_other(l)
    if old then
      l.stored = true
      return take_over(old, l, micros, ahead)
    end
  end
  l.now = advance_any(l, of_micros(l, micros), floor_div(ahead, l.tick))
end

-- Makes a key that holds another kind of state hold this one's, so that it can be written to.
local function make_room(l)
  if not l.replaces then
    return
  end
  l.replaces = false
  redis.call('DEL', l.key)
  if l.kind == LOG and l.used > 0 then
    local units, time = l.used, l.time
    l.used = 0
    append_entry(l, time, units)
  end
end

-- Writes a state, whether it was charged or only moved back from the future.
local function save(l, item, micros)
  make_room(l)
  if l.kind == LOG then
    save_log(l)
    redis.call('PEXPIRE', l.key, lifetime(l, micros, l.time + l.window, item.movable))
  elseif l.kind == LEASES then
    save_leases(l)
    local millis = lifetime(l, micros, latest_lease(l), item.movable)
    redis.call('PEXPIRE', l.key, millis)
    redis.call('PEXPIRE', l.beside, millis)
  else
    save_counter(l, micros, item.movable)
  end
end

local function charge_any(l, item, cost)
  make_room(l)
  if l.kind == LOG then
    append_entry(l, l.now, cost)
  elseif l.kind == LEASES then
    if l.granted == 0 then
      redis.call('DEL', l.beside)
    end
    put_lease(l, item.id, cost, l.now, item.ttl)
  else
    charge(l, cost)
  end
end

local function refund_any(l, cost)
  make_room(l)
  if l.kind == LOG then
    take_newest(l, cost)
  elseif l.kind ~= LEASES then
    refund(l, cost)
  end
end

-- What is remembered of a charge just made, for give_back_any.
local function mark_of(l)
  return (l.kind == DEBT or l.kind == LOG or l.kind == LEASES) and l.now or l.time
end

-- Takes back units of one earlier charge, but only what of it still counts.
local function give_back_any(l, mark, cost)
  if l.kind == LOG then
    take_at(l, mark, cost)
  elseif l.kind ~= LEASES then
    give_back(l, mark, cost)
  end
end

local function admits_any(l)
  if l.kind == LOG or l.kind == LEASES then
    return l.cost == 0 or l.used + l.cost <= l.limit
  end
  return admits(l, l.cost)
end

-- When the units free that this cost, and the next unit, wait for; 0 where they wait for none.
local function free_times(l)
  local function frees(units)
    if units <= 0 or units > l.used then
      return 0
    elseif l.kind == LEASES then
      return leases_free(l, units)
    end
    return (l.size < 0 or l.replaces) and l.time or log_frees(l, units)
  end
  local left = max(0, l.limit - l.used)
  local for_cost = not l.admitted and frees(l.used + l.cost - l.limit) or 0
  local for_next = left < l.limit and frees(l.used + left + 1 - l.limit) or 0
  return for_cost, for_next
end

local function report(l)
  local marks = (l.admitted and ADMITTED or 0) + (l.moved and MOVED or 0)
      + (l.charged and CHARGED or 0)
  local common = pack('<BI7', marks, l.now)
  if l.kind == LOG then
    return common .. pack('<I7I7I7I7', l.time, l.used, free_times(l))
  elseif l.kind == LEASES then
    return common .. pack('<I7I7I7I7', latest_lease(l), l.used, free_times(l))
  end
  return common .. pack('<I7I7I7', l.time, l.used, l.previous)
end
