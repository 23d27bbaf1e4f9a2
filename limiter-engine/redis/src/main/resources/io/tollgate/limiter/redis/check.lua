-- Checks of counters alone, which nearly all checks are: the short form of verbs.lua, whose bytes
-- it reads and writes. Each call makes its functions anew, so the fewer there are, the better.
--
-- An item that this cannot decide is answered OTHERWISE, and has changed nothing: a key holds what
-- a limit of another kind or with other numbers has written.

local OTHERWISE = 8

local band = bit.band
local next_key = 0

local function read_and_load(arg, at, micros, ahead)
  local cost, shadow, kind = unpack_from('<I7BB', arg, at)
  next_key = next_key + 1
  local l = {
    kind = kind, cost = cost, shadow = shadow == 1, key = KEYS[next_key], tick = 1, leak = 0,
    per = 0, full = 0, limit = 0, window = 0, mark = 0, prefix = '', time = 0, used = 0,
    previous = 0, now = 0, marks = 0,
  }
  local next_at = read_counter(l, arg, at + 8)
  local raw = redis.pcall('GET', l.key)
  if raw and (type(raw) ~= 'string' or not decode_own(l, raw)) then
    l.strange = true
    return l, next_at
  end
  l.now = advance(l, of_micros(l, micros), l.tick == 1 and ahead or floor_div(ahead, l.tick))
  if l.moved then
    l.marks = MOVED
  end
  return l, next_at
end

local function check(arg, micros_of_redis, flags, offset, count, at)
  local micros, movable = micros_of_redis + offset, band(flags, MOVABLE) ~= 0
  local limits, allowed, strange = {}, true, false
  for i = 1, count do
    local l
    l, at = read_and_load(arg, at, micros, movable and MAX or MAX_AHEAD)
    strange = strange or l.strange
    if not strange then
      if admits(l, l.cost) then
        l.marks = l.marks + ADMITTED
      else
        allowed = allowed and l.shadow
      end
    end
    limits[i] = l
  end
  if strange then
    return pack('<BI7', OTHERWISE, micros)
  end
  local charging = allowed and band(flags, DRY) == 0
  local said = pack('<BI7', allowed and ALLOWED or DENIED, micros)
  for i = 1, count do
    local l = limits[i]
    if charging and l.cost > 0 and band(l.marks, ADMITTED) ~= 0 then
      l.used = l.used + (l.kind == DEBT and l.cost * l.per or l.cost)
      l.marks = l.marks + CHARGED
      save_counter(l, micros, movable)
    elseif l.moved then
      save_counter(l, micros, movable)
    end
    said = said .. pack('<BI7I7I7I7', l.marks, l.now, l.time, l.used, l.previous)
  end
  return said
end

local clock = redis.call('TIME')
local micros = clock[1] * 1000000 + clock[2]
local answers = {}
for i = 1, #ARGV do
  local arg, first_key = ARGV[i], next_key
  local _, flags, offset, count, at = unpack_from('<BBI7H', arg)
  local fine, said = pcall(check, arg, micros, flags, offset, count, at)
  if fine then
    answers[i] = said
  else
    next_key = first_key + count
    answers[i] = fault(said, micros + offset)
  end
end
return answers
