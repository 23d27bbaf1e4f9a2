-- Asks Tollgate about a request: http-request lua.tollgate ADDRESS PORT NAMESPACE
--
-- Sets txn.tollgate to allowed, denied, refused (another answer) or away (none), and of an answer
-- txn.tg_wait, txn.tg_limit and txn.tg_policy.
--
-- core.tcp and not core.httpclient, which has waited three seconds for a port that is closed.

-- Of connecting, of sending and of each read. An answer takes less than a millisecond.
local LIMIT_SECONDS = 0.2

-- Of the whole question, in milliseconds: an answer could come drop by drop.
local MOST_MILLIS = 400

-- An answer has some 12 headers.
local MOST_HEADERS = 50

-- With TOLLGATE_TOKEN of Tollgate, in the environment of HAProxy.
local TOKEN = os.getenv("TOLLGATE_TOKEN")

-- What a client says of itself. HAProxy has taken line ends out of it.
local OF_CLIENT = {["x-api-key"] = "X-API-Key", ["authorization"] = "Authorization"}

local function question(txn, namespace)
  local lines = {
    "GET /v1/authz?namespace=" .. namespace .. " HTTP/1.1",
    "Host: localhost",
    "Connection: close",
    "X-Forwarded-For: " .. txn.sf:src(),
    "X-Original-Method: " .. txn.sf:method(),
    "X-Original-URI: " .. txn.sf:path(),
  }
  if TOKEN then
    lines[#lines + 1] = "X-Tollgate-Token: " .. TOKEN
  end
  for name, values in pairs(txn.http:req_get_headers()) do
    if OF_CLIENT[name] then
      -- One that is there twice is passed on twice: Tollgate refuses it.
      for _, value in pairs(values) do
        lines[#lines + 1] = OF_CLIENT[name] .. ": " .. value
      end
    end
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

local function millis()
  local now = core.now()
  return now.sec * 1000 + now.usec / 1000
end

-- The status and the headers by lower-case name; nil when there was no whole answer in time.
local function ask(address, port, text)
  local socket = core.tcp()
  local till = millis() + MOST_MILLIS
  socket:settimeout(LIMIT_SECONDS)
  if not socket:connect(address, port) or not socket:send(text) then
    socket:close()
    return nil
  end
  local first = socket:receive("*l")
  local status = first and tonumber(first:match("^HTTP/1%.1 (%d%d%d) "))
  local headers = {}
  for _ = 1, status and MOST_HEADERS or 0 do
    local line = millis() < till and socket:receive("*l")
    if not line then
      break
    end
    local name, value = line:match("^([^:]+): *(.-)\r?$")
    if not name then
      socket:close()
      return status, headers
    end
    headers[name:lower()] = value
  end
  socket:close()
  return nil
end

core.register_action("tollgate", {"http-req"}, function(txn, address, port, namespace)
  local status, headers = ask(address, tonumber(port), question(txn, namespace))
  if not status then
    txn:set_var("txn.tollgate", "away")
    return
  end
  local verdict = status == 200 and "allowed" or status == 429 and "denied" or "refused"
  txn:set_var("txn.tollgate", verdict)
  for variable, name in pairs({
    tg_wait = "retry-after",
    tg_limit = "ratelimit",
    tg_policy = "ratelimit-policy",
  }) do
    if headers[name] then
      txn:set_var("txn." .. variable, headers[name])
    end
  end
end, 3)
