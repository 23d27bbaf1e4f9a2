-- The verbs. One script call is one step of time; each item is decided by itself, in order.
--
-- ARGV holds one item each: '<BBI7H' verb, flags, clock offset in microseconds, number of limits,
-- then for each limit '<I7BB' cost, shadow, kind and its numbers, then what the verb needs. KEYS
-- holds the keys of all items in order: one for a limit, two for leases, then the hold's, then the
-- remembered answer's where one is asked for.
--
-- The answer of an item: '<BI7' outcome and the time of the decision, then for each limit
-- '<BI7I7I7I7' what happened to it, the time that counts, and its state (time, used, previous); of
-- a list newest, sum, and twice '<I7' when the units free that this cost and the next unit wait
-- for. A hold's end, or what was settled, follows as '<I7'. A remembered answer has REPEATED added
-- to its outcome, and then '<H' and so many bytes that the first caller sent along.
--
-- A hold is '<BBI7I7B' kind, whether it is settled, its end, its cost, number of limits, for each
-- '<BI7' whether it was charged, and what the kernel needs to give units back; then what the caller
-- wants to read of it.

local CHECK, RESERVE, ACQUIRE, REFUND, RESET, COMMIT, RENEW, RELEASE = 1, 2, 3, 4, 5, 6, 7, 8
local GIVE_BACK = 9
local UNKNOWN, SETTLED, EXPIRED, DONE = 4, 5, 6, 7
local REPEATED = 128
local ONCE = 2
local RESERVATION, LEASE = 1, 2
local KEPT = 59999
local HOUR = 3600000
local has_hold = {
  [RESERVE] = true, [ACQUIRE] = true, [COMMIT] = true, [RENEW] = true, [RELEASE] = true,
}

local function has(item, flag)
  return bit.band(item.flags, flag) ~= 0
end

local function read_item(arg)
  local item, count, at = {}, 0, 0
  item.verb, item.flags, item.offset, count, at = unpack_from('<BBI7H', arg)
  item.movable = has(item, MOVABLE)
  for i = 1, count do
    item[i], at = read_limit(arg, at)
  end
  if item.verb == RESERVE or item.verb == ACQUIRE or item.verb == RENEW then
    item.ttl, item.id, at = unpack_from('<I7c16', arg, at)
  elseif item.verb == RELEASE then
    item.id, at = unpack_from('<c16', arg, at)
  elseif item.verb == COMMIT then
    item.actual, at = unpack_from('<I7', arg, at)
  elseif item.verb == RESET then
    item.leases_too, at = unpack_from('<B', arg, at)
  elseif item.verb == GIVE_BACK then
    for i = 1, count do
      item[i].charged_at, at = unpack_from('<I7', arg, at)
    end
  end
  item.rest = arg:sub(at)
  if has_hold[item.verb] then
    item.hold_key = take_key()
  end
  if has(item, ONCE) then
    item.answer_key = take_key()
  end
  return item
end

local function load_all(item, micros)
  local ahead = item.movable and MAX or MAX_AHEAD
  for i = 1, #item do
    load(item[i], micros, ahead)
  end
end

local function judge(item)
  local allowed = true
  for i = 1, #item do
    local l = item[i]
    l.admitted = admits_any(l)
    allowed = allowed and (l.admitted or l.shadow)
  end
  return allowed
end

local function admit_all(item)
  for i = 1, #item do
    item[i].admitted = true
  end
end

-- Charges what is admitted; a state that was moved back from the future is written in any case.
local function write_all(item, micros, charging)
  for i = 1, #item do
    local l = item[i]
    l.charged = charging and l.admitted and l.cost > 0
    if l.charged then
      charge_any(l, item, l.cost)
      save(l, item, micros)
    elseif l.moved then
      save(l, item, micros)
    end
  end
end

local function told(item, micros, outcome)
  local parts = { pack('<BI7', outcome, micros) }
  for i = 1, #item do
    parts[i + 1] = report(item[i])
  end
  return table.concat(parts)
end

local function check(item, micros)
  if item.answer_key then
    local before = redis.call('GET', item.answer_key)
    if before then
      return before
    end
  end
  load_all(item, micros)
  local allowed = judge(item)
  local dry = has(item, DRY)
  write_all(item, micros, allowed and not dry)
  local said = told(item, micros, allowed and ALLOWED or DENIED)
  if item.answer_key and not dry then
    local kept = pack('<BH', said:byte(1) + REPEATED, #item.rest) .. item.rest .. said:sub(2)
    redis.call('SET', item.answer_key, kept, 'PX', KEPT)
  end
  return said
end

local function read_hold(item)
  local raw = redis.call('GET', item.hold_key)
  if not raw then
    return nil
  end
  local hold, count, at = {}, 0, 0
  hold.kind, hold.settled, hold.ends, hold.cost, count, at = unpack_from('<BBI7I7B', raw)
  for i = 1, count do
    local charged, mark
    charged, mark, at = unpack_from('<BI7', raw, at)
    hold[i] = { charged = charged == 1, mark = mark }
  end
  hold.rest = raw:sub(at)
  return hold
end

local function is_open(hold, micros)
  return hold.settled == 0 and hold.ends > micros
end

local function write_hold(item, hold, micros)
  local parts = { pack('<BBI7I7B', hold.kind, hold.settled, hold.ends, hold.cost, #hold) }
  for i = 1, #hold do
    parts[i + 1] = pack('<BI7', hold[i].charged and 1 or 0, hold[i].mark)
  end
  local millis = hold.settled == 1 and KEPT or ceil_div(max(0, hold.ends - micros), 1000) + HOUR
  millis = item.movable and max(WEEK, millis) or millis
  redis.call('SET', item.hold_key, table.concat(parts) .. hold.rest, 'PX', millis)
end

-- A lease remembers its concurrency limits only: rates are not given back. A reservation of nothing
-- remembers what its commit will charge.
local function take(item, micros, kind)
  local hold = { kind = kind, settled = 0, ends = micros + item.ttl, rest = item.rest }
  hold.cost = item[1] and item[1].cost or 0
  for i = 1, #item do
    local l = item[i]
    if kind == RESERVATION then
      hold[#hold + 1] = { charged = l.admitted, mark = mark_of(l) }
    elseif l.kind == LEASES then
      hold[#hold + 1] = { charged = l.charged, mark = 0 }
    end
  end
  write_hold(item, hold, micros)
  return hold.ends
end

local function hold_step(item, micros, kind)
  load_all(item, micros)
  local allowed = judge(item)
  write_all(item, micros, allowed)
  local ends = allowed and take(item, micros, kind) or 0
  return told(item, micros, allowed and ALLOWED or DENIED) .. pack('<I7', ends)
end

local function reserve(item, micros)
  if redis.call('EXISTS', item.hold_key) == 1 then
    error('the reservation id was used before')
  end
  return hold_step(item, micros, RESERVATION)
end

local function acquire(item, micros)
  local hold = read_hold(item)
  if hold and is_open(hold, micros) then
    load_all(item, micros)
    admit_all(item)
    write_all(item, micros, false)
    return told(item, micros, ALLOWED) .. pack('<I7', hold.ends)
  end
  return hold_step(item, micros, LEASE)
end

local function refund_step(item, micros)
  load_all(item, micros)
  admit_all(item)
  for i = 1, #item do
    local l = item[i]
    if l.stored then
      refund_any(l, l.cost)
      save(l, item, micros)
    end
  end
  return told(item, micros, ALLOWED)
end

-- Takes back what was charged in one step each, by its mark. What another limit's numbers count by
-- now stays spent, as in a commit.
local function give_back_step(item, micros)
  load_all(item, micros)
  admit_all(item)
  for i = 1, #item do
    local l = item[i]
    local used, previous = l.used, l.previous
    if l.stored and not l.adopted then
      give_back_any(l, l.charged_at, l.cost)
    end
    if l.moved or l.used ~= used or l.previous ~= previous then
      save(l, item, micros)
    end
  end
  return told(item, micros, ALLOWED)
end

local function reset(item, micros)
  for i = 1, #item do
    local l = item[i]
    if item.leases_too == 1 or type_of(l.key) ~= 'zset' then
      redis.call('DEL', l.key)
    end
  end
  load_all(item, micros)
  admit_all(item)
  return told(item, micros, ALLOWED)
end

local function commit(item, micros)
  local hold = read_hold(item)
  if not hold or hold.kind ~= RESERVATION then
    return pack('<BI7', UNKNOWN, micros)
  elseif hold.settled == 1 then
    return pack('<BI7', SETTLED, micros)
  elseif hold.ends <= micros then
    return pack('<BI7', EXPIRED, micros)
  end
  load_all(item, micros)
  for i = 1, #item do
    local l = item[i]
    if hold[i].charged and item.actual > hold.cost then
      charge_any(l, item, item.actual - hold.cost)
      save(l, item, micros)
    elseif hold[i].charged and l.stored and not l.adopted then
      give_back_any(l, hold[i].mark, hold.cost - item.actual)
      save(l, item, micros)
    end
  end
  hold.settled = 1
  write_hold(item, hold, micros)
  return pack('<BI7I7', DONE, micros, item.actual)
end

-- The leases of an open hold as they are stored, without moving them in time; nil when there is
-- none such, or it is over.
local function open_lease(item, micros)
  local hold = read_hold(item)
  if not hold or hold.kind ~= LEASE then
    return nil, pack('<BI7', UNKNOWN, micros)
  elseif not is_open(hold, micros) then
    return nil, pack('<BI7', EXPIRED, micros)
  end
  for i = 1, #item do
    begin_empty(item[i])
    load_own(item[i])
  end
  return hold
end

local function renew(item, micros)
  local hold, refused = open_lease(item, micros)
  if not hold then
    return refused
  end
  local held = true
  for i = 1, #item do
    local l = item[i]
    local weight = hold[i].charged and lease_numbers(l, item.id)
    if weight then
      put_lease(l, item.id, weight, micros, item.ttl)
      save(l, item, micros)
    elseif hold[i].charged then
      held = false
    end
  end
  if not held then
    return pack('<BI7', EXPIRED, micros)
  end
  hold.ends = micros + item.ttl
  write_hold(item, hold, micros)
  return pack('<BI7I7', DONE, micros, hold.ends)
end

local function release(item, micros)
  local hold, refused = open_lease(item, micros)
  if not hold then
    return refused
  end
  for i = 1, #item do
    if end_lease(item[i], item.id) then
      save(item[i], item, micros)
    end
  end
  hold.settled = 1
  write_hold(item, hold, micros)
  return pack('<BI7I7', DONE, micros, 0)
end

local verbs = {
  [CHECK] = check, [RESERVE] = reserve, [ACQUIRE] = acquire, [REFUND] = refund_step,
  [RESET] = reset, [COMMIT] = commit, [RENEW] = renew, [RELEASE] = release,
  [GIVE_BACK] = give_back_step,
}

local clock = redis.call('TIME')
local micros = clock[1] * 1000000 + clock[2]
local answers = {}
for i = 1, #ARGV do
  local item = read_item(ARGV[i])
  local now = micros + item.offset
  local fine, said = pcall(verbs[item.verb], item, now)
  if fine then
    answers[i] = said
  else
    answers[i] = fault(said, now)
  end
end
return answers
