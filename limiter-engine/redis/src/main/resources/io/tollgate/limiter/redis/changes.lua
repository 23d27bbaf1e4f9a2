-- What only some verbs need, and a limit whose numbers have changed.

-- Whole units that count now, rounded up; a log keeps their sum.
local function used_units(l)
  if l.kind == DEBT then
    return ceil_div(l.used, l.per)
  elseif l.kind == SLIDING then
    return weighted(l)
  end
  return l.used
end

local function most_debt(l)
  return MAX - (floor_div(l.full, l.per) + 1) * l.per
end

-- Adds a cost, admitted or not; saturates.
local function charge(l, cost)
  if l.kind == DEBT then
    local most = most_debt(l)
    if cost > floor_div(l.full, l.per) or l.used + cost * l.per > most then
      cost = min(cost, floor_div(max(0, most - l.used), l.per))
    end
    l.used = l.used + cost * l.per
  elseif l.kind == SLIDING then
    l.used = min(floor_div(MAX, l.window), l.used + cost)
  else
    l.used = min(MAX, l.used + cost)
  end
end

-- Takes back units, newest first; never below nothing used.
local function refund(l, cost)
  if l.kind == DEBT then
    local units = min(cost, floor_div(l.used, l.per) + 1)
    l.used = max(0, l.used - units * l.per)
  elseif l.kind == SLIDING then
    local from_current = min(cost, l.used)
    l.used = l.used - from_current
    l.previous = max(0, l.previous - (cost - from_current))
  else
    l.used = max(0, l.used - cost)
  end
end

-- Takes back units of one earlier charge, but only what of it still counts; mark is the time of a
-- debt's charge, the start of a window's.
local function give_back(l, mark, cost)
  if l.kind == DEBT then
    local debt = min(cost, floor_div(l.full, l.per)) * l.per
    local elapsed = max(0, l.now - mark)
    if elapsed < ceil_div(debt, l.leak) then
      l.used = max(0, l.used - (debt - elapsed * l.leak))
    end
  elseif l.time == mark then
    l.used = max(0, l.used - cost)
  elseif l.kind == SLIDING and l.time - l.window == mark then
    l.previous = max(0, l.previous - cost)
  end
end

-- Rescales a debt that another limit wrote; the part below one unit exactly where the product fits.
local function rescale(old, l)
  local units = floor_div(old.used, old.per)
  local part = fmod(old.used, old.per)
  local most = most_debt(l)
  local rest = l.per
  if part * l.per <= MAX then
    rest = ceil_div(part * l.per, old.per)
  end
  l.time = of_micros(l, to_micros(old, old.time))
  l.used = min(units, floor_div(most, l.per)) * l.per
  l.used = min(most, l.used + (part == 0 and 0 or rest))
end

local function alike(old, l)
  if old.kind ~= l.kind then
    return false
  elseif l.kind == SLIDING then
    return to_micros(old, old.window) == to_micros(l, l.window)
  elseif l.kind == DEBT then
    return true
  end
  return old.window == l.window and old.mark == l.mark
end

-- Turns what another limit of the same kind wrote into a state of this one, in full detail. The old
-- one is at its now; counted is the time that counts.
local function adopt(old, l, counted, ahead_micros)
  if l.kind == DEBT then
    rescale(old, l)
  else
    l.time = of_micros(l, to_micros(old, old.time))
    local most = l.kind == SLIDING and floor_div(MAX, l.window) or MAX
    l.used, l.previous = min(most, old.used), min(most, old.previous)
  end
  l.now = advance(l, of_micros(l, counted), floor_div(ahead_micros, l.tick))
end

local function decode(raw)
  local old = { kind = raw:byte(1), tick = 1, window = 0, mark = 0, previous = 0 }
  if old.kind == DEBT then
    old.tick, old.leak, old.per, old.time, old.used = unpack_from('<I4I7I7I7I7', raw, 2)
  elseif old.kind == SLIDING then
    old.tick, old.window, old.time, old.used, old.previous = unpack_from('<I4I7I7I7I7', raw, 2)
  else
    old.window, old.mark, old.time, old.till, old.used = unpack_from('<I7I7I7I7I7', raw, 2)
  end
  return old
end
