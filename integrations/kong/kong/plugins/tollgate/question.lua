-- What Tollgate is asked about a request, and what its answer means. Nothing here is Kong's, so
-- that all of it can be tried without.
local question = {}

-- Tollgate takes 512 bytes; before a value stands its kind.
local MOST_VALUE = 400

-- Of IPv6 a client has a /64, four groups, to choose addresses from.
local NETWORK_GROUPS = 4
local GROUPS = 8

-- What an answer may tell the client of its limits, whichever form the namespace has chosen.
local TOLD = {
  "RateLimit-Policy",
  "RateLimit",
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
  "Retry-After",
}

-- These go to the client as Tollgate says them: a request that cannot be limited as it is, one too
-- many, nobody who could decide. Every other answer means that the configuration is wrong.
local FOR_CLIENT = { [400] = true, [429] = true, [503] = true }

local function problem(status, title, detail)
  return {
    status = status,
    headers = { ["Content-Type"] = "application/problem+json" },
    body = string.format(
      '{"type":"about:blank","title":"%s","status":%d,"detail":"%s"}',
      title,
      status,
      detail
    ),
  }
end

local function groups(text)
  local found = {}
  if text == "" then
    return found
  end
  for group in (text .. ":"):gmatch("([^:]*):") do
    if not group:match("^%x%x?%x?%x?$") then
      return nil
    end
    found[#found + 1] = tonumber(group, 16)
  end
  return found
end

-- The eight numbers of an address of IPv6; nil where it is none.
local function six(text)
  local head, four = text:match("^(.*:)(%d+%.%d+%.%d+%.%d+)$")
  if four then
    local a, b, c, d = four:match("(%d+)%.(%d+)%.(%d+)%.(%d+)")
    text = string.format("%s%x:%x", head, a * 256 + b, c * 256 + d)
  end
  local before, after = text:match("^(.-)::(.*)$")
  if not before then
    local all = groups(text)
    return all and #all == GROUPS and all or nil
  end
  local all, tail = groups(before), groups(after)
  if not all or not tail or #all + #tail >= GROUPS then
    return nil
  end
  for _ = 1, GROUPS - #all - #tail do
    all[#all + 1] = 0
  end
  for _, group in ipairs(tail) do
    all[#all + 1] = group
  end
  return all
end

-- The client behind an address as Tollgate spells it at its other doors: an address of IPv4, the
-- /64 of one of IPv6. What is neither stays as it is.
function question.client(address)
  local all = address:find(":", 1, true) and six(address)
  if not all then
    return address
  end
  local zeros = 0
  while zeros < 5 and all[zeros + 1] == 0 do
    zeros = zeros + 1
  end
  if zeros == 5 and all[6] == 0xffff then
    return string.format(
      "%d.%d.%d.%d",
      math.floor(all[7] / 256),
      all[7] % 256,
      math.floor(all[8] / 256),
      all[8] % 256
    )
  end
  local last = NETWORK_GROUPS
  while last > 0 and all[last] == 0 do
    last = last - 1
  end
  local text = {}
  for i = 1, last do
    text[i] = string.format("%x", all[i])
  end
  return table.concat(text, ":") .. "::/64"
end

-- Who is limited: of conf.identity the first kind that the request has. Facts are consumer,
-- credential, header and address. Else nil, and what the client is answered.
function question.identifier(conf, facts)
  for _, kind in ipairs(conf.identity) do
    local value = facts[kind]
    if value and value ~= "" then
      if #value > MOST_VALUE then
        local detail = kind .. " is longer than " .. MOST_VALUE .. " bytes"
        return nil, problem(400, "The request cannot be limited", detail)
      end
      if kind == "address" then
        return "addr:" .. question.client(value)
      end
      return kind .. ":" .. value
    end
  end
  local detail = "it has none of: " .. table.concat(conf.identity, ", ")
  return nil, problem(401, "The request says nothing to limit it by", detail)
end

-- The headers of the question.
function question.headers(conf)
  local headers = {
    ["Content-Type"] = "application/json",
    -- A denial has a status of its own, so nobody need read a body.
    ["Prefer"] = "status=decision",
  }
  if conf.token then
    headers["Authorization"] = "Bearer " .. conf.token
  end
  return headers
end

-- What holds without an answer: nil, the request passes, or what the client is answered.
function question.unanswered(conf)
  if conf.on_failure == "open" then
    return nil
  end
  return problem(503, "Nobody could decide", "the limiter does not answer")
end

local function told(conf, headers)
  local kept = {}
  for _, name in ipairs(TOLD) do
    if not conf.hide_headers or name == "Retry-After" then
      kept[name] = headers[name]
    end
  end
  return kept
end

-- What an answer means: what the client is told of its limits; what it is answered instead, or nil
-- when the request passes; and what is wrong with the configuration.
function question.verdict(conf, answer)
  if answer.status == 200 then
    return told(conf, answer.headers)
  end
  if FOR_CLIENT[answer.status] then
    local refusal = {
      status = answer.status,
      headers = { ["Content-Type"] = answer.headers["Content-Type"] },
      body = answer.body,
    }
    return told(conf, answer.headers), refusal
  end
  local refusal = problem(503, "Nobody could decide", "the limiter refuses this gateway")
  return {}, refusal, "Tollgate answers " .. answer.status .. ": " .. tostring(answer.body)
end

return question
