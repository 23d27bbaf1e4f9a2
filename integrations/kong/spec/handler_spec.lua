local cjson = require "cjson.safe"

-- What the plugin calls, and what comes back; filled anew before each spec.
local asked, exits, shown, logged, answer, failure
local consumer, credential, headers

local http = {}
http.__index = http

function http.new()
  return setmetatable({}, http)
end

function http.set_timeouts(_, connecting, sending, reading)
  asked.timeouts = { connecting, sending, reading }
end

function http.request_uri(_, uri, params)
  asked.uri, asked.params, asked.body = uri, params, cjson.decode(params.body)
  return answer, failure
end

describe("the plugin", function()
  local plugin, conf

  setup(function()
    package.loaded["resty.http"] = http
    plugin = require "kong.plugins.tollgate.handler"
  end)

  before_each(function()
    asked, exits, shown, logged = {}, {}, {}, {}
    consumer, credential, headers = nil, nil, {}
    answer = { status = 200, headers = { RateLimit = '"one";r=1;t=1' }, body = "{}" }
    failure = nil
    conf = {
      url = "http://127.0.0.1:8080",
      namespace = "edge",
      identity = { "consumer", "address" },
      cost = 1,
      endpoints = false,
      timeout_ms = 100,
      on_failure = "open",
      hide_headers = false,
    }
    _G.kong = {
      client = {
        get_consumer = function() return consumer end,
        get_credential = function() return credential end,
        get_forwarded_ip = function() return "192.0.2.7" end,
      },
      request = {
        get_header = function(name) return headers[name] end,
        get_method = function() return "GET" end,
        get_path = function() return "/orders/7" end,
      },
      response = {
        exit = function(...) exits[#exits + 1] = { ... } end,
        set_header = function(name, value) shown[name] = value end,
      },
      log = { err = function(...) logged[#logged + 1] = table.concat({ ... }) end },
      ctx = { plugin = {} },
    }
  end)

  teardown(function()
    _G.kong = nil
    package.loaded["resty.http"] = nil
    package.loaded["kong.plugins.tollgate.handler"] = nil
  end)

  local function run()
    plugin:access(conf)
    plugin:header_filter(conf)
  end

  it("asks once, in time, over a connection that is kept", function()
    run()
    assert.equal("http://127.0.0.1:8080/v1/check", asked.uri)
    assert.equal("POST", asked.params.method)
    assert.same({ 100, 100, 100 }, asked.timeouts)
    assert.is_true(asked.params.keepalive_timeout < 60000)
    assert.is_true(asked.params.keepalive_pool > 0)
    assert.same({ identifier = "addr:192.0.2.7", namespace = "edge", cost = 1 }, asked.body)
  end)

  it("lets an allowed request through and shows its limits", function()
    run()
    assert.same({}, exits)
    assert.same({ RateLimit = '"one";r=1;t=1' }, shown)
  end)

  it("answers a denial as Tollgate does", function()
    local problem = "application/problem+json"
    answer = {
      status = 429,
      headers = { ["Content-Type"] = problem, ["Retry-After"] = "9" },
      body = '{"code":"RATE_LIMITED"}',
    }
    run()
    assert.same({ { 429, '{"code":"RATE_LIMITED"}', { ["Content-Type"] = problem } } }, exits)
    assert.same({ ["Retry-After"] = "9" }, shown)
    assert.same({}, logged)
  end)

  it("knows a consumer before an address", function()
    consumer = { id = "c1" }
    run()
    assert.equal("consumer:c1", asked.body.identifier)
  end)

  it("knows a credential and a header when told to", function()
    conf.identity, conf.header = { "credential", "header" }, "X-Tenant"
    headers["X-Tenant"] = "t1"
    run()
    assert.equal("header:t1", asked.body.identifier)
    credential = { id = "k1" }
    run()
    assert.equal("credential:k1", asked.body.identifier)
  end)

  it("asks nothing about nobody", function()
    conf.identity = { "consumer" }
    run()
    assert.is_nil(asked.uri)
    assert.equal(401, exits[1][1])
  end)

  it("names the endpoint only when told to", function()
    conf.endpoints = true
    run()
    assert.equal("GET /orders/7", asked.body.endpoint)
  end)

  it("follows its policy without an answer, and says so", function()
    answer, failure = nil, "timeout"
    run()
    assert.same({}, exits)
    assert.same({ "Tollgate does not answer (open): timeout" }, logged)
    conf.on_failure = "closed"
    run()
    assert.equal(503, exits[1][1])
    assert.same({}, shown)
  end)

  it("lets nobody through when Tollgate refuses it, and says why once, briefly", function()
    answer = { status = 404, headers = {}, body = ("x"):rep(10000) }
    run()
    assert.equal(503, exits[1][1])
    assert.equal(1, #logged)
    assert.matches("Tollgate answers 404: x", logged[1], 1, true)
    assert.is_true(#logged[1] <= 300)
  end)
end)
