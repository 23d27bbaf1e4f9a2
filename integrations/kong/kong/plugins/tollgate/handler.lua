-- Asks Tollgate in the access phase whether a request may pass.
local cjson = require "cjson.safe"
local http = require "resty.http"
local question = require "kong.plugins.tollgate.question"

-- After those that authenticate (key-auth has 1250), as it may need to know the consumer; beside
-- Kong's own rate-limiting, which has 910.
local Tollgate = { PRIORITY = 905, VERSION = "0.1.0" }

-- Tollgate closes what was silent for 60 seconds: Kong has to be earlier.
local IDLE_MILLIS = 30000

-- Of each worker; more at once are opened, and closed after their answer.
local MOST_IDLE = 64

-- Of a body in the log.
local MOST_LOGGED = 300

local function facts(conf)
  local consumer = kong.client.get_consumer()
  local credential = kong.client.get_credential()
  return {
    consumer = consumer and consumer.id,
    credential = credential and credential.id,
    header = conf.header and kong.request.get_header(conf.header),
    address = kong.client.get_forwarded_ip(),
  }
end

local function ask(conf, identifier)
  local client = http.new()
  client:set_timeouts(conf.timeout_ms, conf.timeout_ms, conf.timeout_ms)
  local endpoint
  if conf.endpoints then
    endpoint = kong.request.get_method() .. " " .. kong.request.get_path()
  end
  return client:request_uri(conf.url .. "/v1/check", {
    method = "POST",
    headers = question.headers(conf),
    body = cjson.encode({
      identifier = identifier,
      namespace = conf.namespace,
      cost = conf.cost,
      endpoint = endpoint,
    }),
    keepalive_timeout = IDLE_MILLIS,
    keepalive_pool = MOST_IDLE,
  })
end

local function refuse(refusal)
  return kong.response.exit(refusal.status, refusal.body, refusal.headers)
end

function Tollgate:access(conf)
  local identifier, unknown = question.identifier(conf, facts(conf))
  if not identifier then
    return refuse(unknown)
  end
  local answer, failure = ask(conf, identifier)
  if not answer then
    kong.log.err("Tollgate does not answer (", conf.on_failure, "): ", failure)
    local refusal = question.unanswered(conf)
    return refusal and refuse(refusal)
  end
  local told, refusal, wrong = question.verdict(conf, answer)
  if wrong then
    kong.log.err(wrong:sub(1, MOST_LOGGED))
  end
  -- Set where the answer goes out, as one of the application would come after.
  kong.ctx.plugin.told = told
  return refusal and refuse(refusal)
end

function Tollgate:header_filter()
  for name, value in pairs(kong.ctx.plugin.told or {}) do
    kong.response.set_header(name, value)
  end
end

return Tollgate
