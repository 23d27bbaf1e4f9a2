-- As much of Kong's Plugin Development Kit as the plugin uses, over nginx with Lua.
local function address()
  return ngx.var.remote_addr
end

local function none()
  return nil
end

local function exit(status, body, headers)
  ngx.status = status
  for name, value in pairs(headers) do
    ngx.header[name] = value
  end
  ngx.header["Content-Length"] = #body
  ngx.print(body)
  return ngx.exit(status)
end

local function log(...)
  ngx.log(ngx.ERR, ...)
end

return {
  client = { get_consumer = none, get_credential = none, get_forwarded_ip = address },
  request = {
    get_header = function(name) return ngx.var["http_" .. name:lower():gsub("-", "_")] end,
    get_method = function() return ngx.req.get_method() end,
    -- Decoded and without dots, as Kong's is.
    get_path = function() return ngx.var.uri end,
  },
  response = {
    exit = exit,
    set_header = function(name, value) ngx.header[name] = value end,
  },
  log = { err = log },
  ctx = setmetatable({}, { __index = function() return ngx.ctx end }),
}
