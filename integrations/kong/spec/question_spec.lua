local question = require "kong.plugins.tollgate.question"

describe("an address", function()
  local function becomes(address, client)
    assert.equal(client, question.client(address))
  end

  it("of IPv4 stays", function()
    becomes("192.0.2.7", "192.0.2.7")
  end)

  it("of IPv6 becomes its /64, as Tollgate writes it", function()
    becomes("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")
    becomes("2001:DB8::1", "2001:db8::/64")
    becomes("2001:db8:0:7::9", "2001:db8:0:7::/64")
    becomes("0:0:0:1::", "0:0:0:1::/64")
    becomes("::1", "::/64")
    becomes("::", "::/64")
    becomes("1:2:3:4:5:6:7::", "1:2:3:4::/64")
  end)

  it("of IPv4 in IPv6 is the one of IPv4", function()
    becomes("::ffff:192.0.2.7", "192.0.2.7")
    becomes("::ffff:c000:207", "192.0.2.7")
    becomes("::192.0.2.7", "::/64")
  end)

  it("that is none stays", function()
    for _, text in ipairs({ "unix:", "1::2::3", "1:2", "1:2:3:4:5:6:7:8:9", ":1", "1:", "g::" }) do
      becomes(text, text)
    end
  end)
end)

describe("the identifier", function()
  local conf = { identity = { "consumer", "credential", "header", "address" } }

  it("is the first that the request has", function()
    local facts = { consumer = "c1", credential = "k1", header = "t1", address = "192.0.2.7" }
    assert.equal("consumer:c1", question.identifier(conf, facts))
    facts.consumer = nil
    assert.equal("credential:k1", question.identifier(conf, facts))
    facts.credential = nil
    assert.equal("header:t1", question.identifier(conf, facts))
    facts.header = ""
    assert.equal("addr:192.0.2.7", question.identifier(conf, facts))
  end)

  it("is only of the kinds that are wanted", function()
    local none, answer = question.identifier({ identity = { "consumer" } }, { address = "::1" })
    assert.is_nil(none)
    assert.equal(401, answer.status)
    assert.matches("it has none of: consumer", answer.body, 1, true)
  end)

  it("is not too long for Tollgate, whatever a client sends", function()
    local facts = { header = ("x"):rep(400), address = "192.0.2.7" }
    assert.equal(407, #question.identifier(conf, facts))
    facts.header = ("x"):rep(401)
    local none, answer = question.identifier(conf, facts)
    assert.is_nil(none)
    assert.equal(400, answer.status)
  end)
end)

describe("an answer", function()
  local function answer(status)
    return {
      status = status,
      headers = {
        ["Content-Type"] = "application/problem+json",
        ["RateLimit"] = '"one";r=0;t=9',
        ["Retry-After"] = "9",
        ["X-Request-Id"] = "r1",
      },
      body = "{}",
    }
  end

  it("of 200 lets through and tells the limits", function()
    local told, refusal, wrong = question.verdict({}, answer(200))
    assert.same({ ["RateLimit"] = '"one";r=0;t=9', ["Retry-After"] = "9" }, told)
    assert.is_nil(refusal)
    assert.is_nil(wrong)
  end)

  it("of 400, 429 and 503 goes to the client as it is", function()
    for _, status in ipairs({ 400, 429, 503 }) do
      local told, refusal, wrong = question.verdict({}, answer(status))
      assert.equal("9", told["Retry-After"])
      assert.equal(status, refusal.status)
      assert.equal("{}", refusal.body)
      assert.same({ ["Content-Type"] = "application/problem+json" }, refusal.headers)
      assert.is_nil(wrong)
    end
  end)

  it("of anything else lets nobody through, and is for the log", function()
    for _, status in ipairs({ 204, 301, 401, 403, 404, 413, 500, 502 }) do
      local told, refusal, wrong = question.verdict({ on_failure = "open" }, answer(status))
      assert.same({}, told)
      assert.equal(503, refusal.status)
      assert.matches("Tollgate answers " .. status, wrong, 1, true)
    end
  end)

  it("hides what shall be hidden, but not the wait", function()
    local told = question.verdict({ hide_headers = true }, answer(429))
    assert.same({ ["Retry-After"] = "9" }, told)
  end)
end)

describe("no answer", function()
  it("lets through when open, refuses when closed", function()
    assert.is_nil(question.unanswered({ on_failure = "open" }))
    assert.equal(503, question.unanswered({ on_failure = "closed" }).status)
  end)
end)

describe("the question", function()
  it("has a token only when there is one", function()
    assert.is_nil(question.headers({}).Authorization)
    assert.equal("Bearer t", question.headers({ token = "t" }).Authorization)
    assert.equal("status=decision", question.headers({}).Prefer)
  end)
end)
