-- Those of Kong's named types that the plugin's schema uses.
local function named(type)
  return setmetatable(type, {
    __call = function(self, more)
      local with = {}
      for key, value in pairs(self) do
        with[key] = value
      end
      for key, value in pairs(more) do
        with[key] = value
      end
      return with
    end,
  })
end

return {
  protocols_http = named({ type = "set", elements = { type = "string" } }),
  url = named({ type = "string", match = "^https?://[%w%.%-%[%]:]+" }),
  header_name = named({ type = "string", match = "^[%w_-]+$" }),
}
