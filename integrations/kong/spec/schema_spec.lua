local configuration = require "configuration"
local lyaml = require "lyaml"
local schema = require "kong.plugins.tollgate.schema"

local function text(path)
  local file = assert(io.open(path))
  local all = file:read("*a")
  file:close()
  return all
end

local function with(changes)
  local conf = { url = "http://127.0.0.1:8080", namespace = "edge" }
  for key, value in pairs(changes) do
    conf[key] = value
  end
  return conf
end

describe("the configuration", function()
  it("needs to say where and what, and has a default for the rest", function()
    local read = assert(configuration.read(schema, with({})))
    assert.same(with({
      identity = { "consumer", "address" },
      cost = 1,
      endpoints = false,
      timeout_ms = 100,
      on_failure = "open",
      hide_headers = false,
    }), read)
    local _, reason = configuration.read(schema, { namespace = "edge" })
    assert.equal("url is missing", reason)
    _, reason = configuration.read(schema, { url = "http://127.0.0.1:8080" })
    assert.equal("namespace is missing", reason)
  end)

  it("refuses what it does not know or cannot use", function()
    for reason, changes in pairs({
      ["url breaks not_match"] = { url = "http://127.0.0.1:8080/" },
      ["namespace breaks match"] = { namespace = "a b" },
      ["namespace breaks len_max"] = { namespace = ("a"):rep(129) },
      ["identity breaks len_min"] = { identity = {} },
      ["identity has an element that breaks one_of"] = { identity = { "cookie" } },
      ["cost breaks between"] = { cost = -1 },
      ["cost is no integer"] = { cost = 1.5 },
      ["timeout_ms breaks between"] = { timeout_ms = 0 },
      ["on_failure breaks one_of"] = { on_failure = "maybe" },
      ["fail is unknown"] = { fail = "open" },
      ["header: identity has 'header' in it, so say which one"] = { identity = { "header" } },
    }) do
      local read, why = configuration.read(schema, with(changes))
      assert.is_nil(read)
      assert.equal(reason, why)
    end
  end)

  it("of kong.yml is one", function()
    local file = lyaml.load(text("kong.yml"))
    assert.equal("tollgate", file.plugins[1].name)
    assert(configuration.read(schema, file.plugins[1].config))
  end)
end)

describe("the rockspec", function()
  local rock = {}
  local handler

  setup(function()
    local load = assert(loadstring(text("kong-plugin-tollgate-0.1.0-1.rockspec")))
    setfenv(load, rock)()
    package.loaded["resty.http"] = {}
    handler = require "kong.plugins.tollgate.handler"
  end)

  teardown(function()
    package.loaded["resty.http"] = nil
    package.loaded["kong.plugins.tollgate.handler"] = nil
  end)

  it("has the plugin's version and name", function()
    assert.equal(handler.VERSION .. "-1", rock.version)
    assert.equal("kong-plugin-" .. schema.name, rock.package)
  end)

  it("installs each module of the plugin", function()
    local installed = 0
    for module, path in pairs(rock.build.modules) do
      assert.equal(path, module:gsub("%.", "/") .. ".lua")
      assert.equal("table", type(require(module)))
      installed = installed + 1
    end
    local files = assert(io.popen("ls kong/plugins/tollgate | wc -l"))
    assert.equal(installed, files:read("*n"))
    files:close()
  end)
end)
