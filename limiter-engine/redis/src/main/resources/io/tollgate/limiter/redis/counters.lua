-- The arithmetic that every check needs, as io.tollgate.limiter.algorithm has it, step for step.
--
-- All numbers are integers below 2^53, which a double holds exactly. Never divide with / and floor:
-- close below a whole number the quotient rounds up to it. fmod is exact.
--
-- A limit (l) is a table:
--   kind    what it counts with; see below
--   tick    microseconds in its unit of time
--   leak, per, full     debt kernel: ticks take leak, a unit adds per, full is the most
--   limit, window       windows and log: units, and ticks; window is 0 for a calendar's
--   mark                calendar: names unit and zone
--   till    fixed window: its end, as stored
--   time, used, previous   its state, as CounterState has it
--   prefix  how what is stored for it begins: kind and numbers; the state follows
--   now     the time that counts, in ticks; moved: brought back from the future

local MAX = 9007199254740991
local DEBT, EPOCH, FIRST_CALL, CALENDAR, SLIDING, LOG, LEASES = 1, 2, 3, 4, 5, 6, 7

-- What questions and answers say; verbs.lua tells where.
local DENIED, ALLOWED, OUTSIDE, FAILED = 0, 1, 2, 3
local DRY, MOVABLE = 1, 4
local ADMITTED, MOVED, CHARGED = 1, 2, 4

-- Microseconds by which a state may be ahead, and the least milliseconds that one lasts where the
-- clock is moved.
local MAX_AHEAD = 1000000
local WEEK = 604800000

local fmod, min, max = math.fmod, math.min, math.max
local pack, unpack_from = struct.pack, struct.unpack

local function floor_div(a, b)
  return (a - fmod(a, b)) / b
end

local function ceil_div(a, b)
  local rest = fmod(a, b)
  return rest == 0 and a / b or (a - rest) / b + 1
end

local function of_micros(l, micros)
  return l.tick == 1 and micros or floor_div(micros, l.tick)
end

local function to_micros(l, ticks)
  if l.tick == 1 then
    return ticks
  end
  return ticks > floor_div(MAX, l.tick) and MAX or ticks * l.tick
end

-- The start of the window that holds now. A calendar's windows come from the caller, who knows
-- zones; a stored one knows itself only, and any other start says that it is over.
local function start_of(l, now, current)
  if l.kind == EPOCH then
    return now - fmod(now, l.window)
  elseif l.kind == FIRST_CALL then
    return current ~= 0 and now - current < l.window and current or now
  elseif l.bounds then
    local bounds = l.bounds
    for i = 1, #bounds - 1 do
      if now >= bounds[i] and now < bounds[i + 1] then
        return bounds[i]
      end
    end
    error({ outside = true })
  end
  return now < l.till and l.time or l.till
end

local function end_of(l)
  if l.kind ~= CALENDAR then
    return l.time + l.window
  end
  for i = 1, #l.bounds - 1 do
    if l.bounds[i] == l.time then
      return l.bounds[i + 1]
    end
  end
  return l.till
end

local function advance_debt(l, now, ahead)
  if l.time >= now then
    if l.time - now <= ahead then
      return l.time
    end
    l.time, l.moved = now, true
    return now
  end
  local elapsed = now - l.time
  if l.used > 0 then
    l.used = elapsed >= ceil_div(l.used, l.leak) and 0 or l.used - elapsed * l.leak
  end
  l.time = now
  return now
end

local function advance_fixed(l, now, ahead)
  local counted = now
  if l.time > now then
    if l.time - now <= ahead then
      counted = l.time
    else
      l.time, l.moved = start_of(l, now, 0), true
    end
  end
  local start = start_of(l, counted, l.used == 0 and 0 or l.time)
  if start ~= l.time then
    l.time, l.used = start, 0
  end
  return counted
end

local function advance_sliding(l, now, ahead)
  local start = now - fmod(now, l.window)
  if l.time > now then
    if l.time - now <= ahead then
      return l.time
    end
    l.time, l.moved = start, true
  end
  if l.time ~= start then
    l.previous = start - l.time == l.window and l.used or 0
    l.time, l.used = start, 0
  end
  return now
end

-- Brings a state to now; returns the time that counts.
local function advance(l, now, ahead)
  if l.kind == DEBT then
    return advance_debt(l, now, ahead)
  elseif l.kind == SLIDING then
    return advance_sliding(l, now, ahead)
  end
  return advance_fixed(l, now, ahead)
end

local function weighted(l)
  if l.previous == 0 then
    return l.used
  end
  local covered = l.window - (l.now - l.time)
  return l.used + floor_div(l.previous * covered - 1, l.window) + 1
end

-- A product that is no integer below 2^53 any more is larger than every bound it is compared with.
local function admits(l, cost)
  if cost == 0 then
    return true
  elseif l.kind == DEBT then
    return l.used + cost * l.per <= l.full
  elseif l.kind == SLIDING then
    return weighted(l) + cost <= l.limit
  end
  return l.used + cost <= l.limit
end

-- When a state no longer differs from a fresh one, in ticks.
local function idle_at(l)
  if l.kind == DEBT then
    return l.time + ceil_div(l.used, l.leak)
  elseif l.kind == SLIDING then
    return l.time + 2 * l.window
  end
  return end_of(l)
end

-- How long a state is kept that is idle at a time, in milliseconds.
local function lifetime(l, micros, idle, movable)
  local millis = max(1, ceil_div(max(0, to_micros(l, idle) - micros), 1000))
  return movable and max(WEEK, millis) or millis
end

-- What a key holds.
local function encode(l)
  if l.kind == DEBT then
    return l.prefix .. pack('<I7I7', l.time, l.used)
  elseif l.kind == SLIDING then
    return l.prefix .. pack('<I7I7I7', l.time, l.used, l.previous)
  end
  return l.prefix .. pack('<I7I7I7', l.time, end_of(l), l.used)
end

local function save_counter(l, micros, movable)
  redis.call('SET', l.key, encode(l), 'PX', lifetime(l, micros, idle_at(l), movable))
end

-- Reads what encode wrote for the same numbers; false where the numbers are others.
local function decode_own(l, raw)
  local prefix = l.prefix
  local at = #prefix + 1
  if raw:sub(1, at - 1) ~= prefix then
    return false
  elseif l.kind == DEBT then
    l.time, l.used = unpack_from('<I7I7', raw, at)
  elseif l.kind == SLIDING then
    l.time, l.used, l.previous = unpack_from('<I7I7I7', raw, at)
  else
    l.time, l.till, l.used = unpack_from('<I7I7I7', raw, at)
  end
  return true
end

-- Reads a counter of a question whose cost and shadow were read; returns where the next one begins.
local function read_counter(l, arg, at)
  if l.kind == DEBT then
    l.tick, l.leak, l.per, l.full = unpack_from('<I4I7I7I7', arg, at + 1)
    l.prefix = arg:sub(at, at + 18)
    return at + 26
  elseif l.kind == SLIDING then
    l.tick, l.window, l.limit = unpack_from('<I4I7I7', arg, at + 1)
    l.prefix = arg:sub(at, at + 11)
    return at + 19
  end
  l.window, l.mark, l.limit = unpack_from('<I7I7I7', arg, at + 1)
  l.prefix = arg:sub(at, at + 14)
  if l.kind ~= CALENDAR then
    return at + 22
  end
  local b = {}
  b[1], b[2], b[3], b[4] = unpack_from('<I7I7I7I7', arg, at + 22)
  l.bounds = b
  return at + 50
end

-- The answer to an item that raised an error.
local function fault(said, micros)
  if type(said) == 'table' and said.outside then
    return pack('<BI7', OUTSIDE, micros)
  end
  return pack('<BI7', FAILED, micros) .. tostring(type(said) == 'table' and said.err or said)
end
