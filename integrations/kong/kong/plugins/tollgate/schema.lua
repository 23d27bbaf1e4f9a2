-- The plugin's configuration.
local typedefs = require "kong.db.schema.typedefs"

local function header_is_named(entity)
  for _, kind in ipairs(entity.config.identity) do
    if kind == "header" and type(entity.config.header) ~= "string" then
      return nil, "header: identity has 'header' in it, so say which one"
    end
  end
  return true
end

return {
  name = "tollgate",
  fields = {
    { protocols = typedefs.protocols_http },
    { config = {
      type = "record",
      fields = {
        -- Without a slash at the end, as in http://127.0.0.1:8080
        { url = typedefs.url({ required = true, not_match = "/$" }) },
        { namespace = {
          type = "string",
          required = true,
          len_max = 128,
          match = "^[%w._:-]+$",
        } },
        -- The first that a request has is taken.
        { identity = {
          type = "array",
          required = true,
          len_min = 1,
          default = { "consumer", "address" },
          elements = {
            type = "string",
            one_of = { "consumer", "credential", "header", "address" },
          },
        } },
        -- The name of the one that identity means.
        { header = typedefs.header_name },
        { cost = { type = "integer", required = true, default = 1, between = { 0, 1000000 } } },
        -- Method and path are sent, for limits of endpoints.
        { endpoints = { type = "boolean", required = true, default = false } },
        -- Of connecting, of sending and of each read.
        { timeout_ms = {
          type = "integer",
          required = true,
          default = 100,
          between = { 1, 60000 },
        } },
        -- Whether requests pass while Tollgate does not answer.
        { on_failure = {
          type = "string",
          required = true,
          default = "open",
          one_of = { "open", "closed" },
        } },
        -- All but Retry-After.
        { hide_headers = { type = "boolean", required = true, default = false } },
        { token = { type = "string", encrypted = true, referenceable = true } },
      },
    } },
  },
  entity_checks = {
    { custom_entity_check = { field_sources = { "config" }, fn = header_is_named } },
  },
}
