-- As much of lua-resty-http as the plugin uses, over sockets of nginx with Lua: one request, an
-- answer with a Content-Length, connections that are kept.
local http = {}
http.__index = http

-- An answer has some 12 headers.
local MOST_HEADERS = 50

function http.new()
  return setmetatable({ socket = ngx.socket.tcp() }, http)
end

function http:set_timeouts(connecting, sending, reading)
  self.socket:settimeouts(connecting, sending, reading)
end

local function text(host, path, params)
  local lines = {
    params.method .. " " .. path .. " HTTP/1.1",
    "Host: " .. host,
    "Content-Length: " .. #params.body,
  }
  for name, value in pairs(params.headers) do
    lines[#lines + 1] = name .. ": " .. value
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. params.body
end

-- By name in whatever case, as there.
local function any_case()
  return setmetatable({}, {
    __index = function(self, name) return rawget(self, name:lower()) end,
    __newindex = function(self, name, value) rawset(self, name:lower(), value) end,
  })
end

local function answer(socket)
  local first, failure = socket:receive("*l")
  if not first then
    return nil, failure
  end
  local headers = any_case()
  for _ = 1, MOST_HEADERS do
    local line
    line, failure = socket:receive("*l")
    if not line then
      return nil, failure
    end
    if line == "" then
      break
    end
    local name, value = line:match("^([^:]+):%s*(.-)%s*$")
    headers[name] = value
  end
  local body
  body, failure = socket:receive(tonumber(headers["Content-Length"]))
  if not body then
    return nil, failure
  end
  return { status = tonumber(first:match(" (%d%d%d) ")), headers = headers, body = body }
end

function http:request_uri(uri, params)
  local socket = self.socket
  local host, port, path = uri:match("^http://([^:/]+):(%d+)(/.*)$")
  local done, failure = socket:connect(host, tonumber(port))
  if done then
    done, failure = socket:send(text(host .. ":" .. port, path, params))
  end
  local read
  if done then
    read, failure = answer(socket)
  end
  if not read then
    socket:close()
    return nil, failure
  end
  if read.headers["Connection"] == "close" then
    socket:close()
  else
    socket:setkeepalive(params.keepalive_timeout, params.keepalive_pool)
  end
  return read
end

return http
