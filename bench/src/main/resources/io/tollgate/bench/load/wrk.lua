-- Asks for identifiers in a shuffled order, over and over. All requests are made before the first
-- one leaves, so that wrk's core has little to do.
-- Arguments: file with the text before the identifier's digits, file with the text behind them,
-- number of identifiers, requests on their way at once on a connection, seed.

local requests = {}
local at = 0

local function content(name)
  local file = assert(io.open(name, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function init(args)
  local before, after = content(args[1]), content(args[2])
  local identifiers, depth = tonumber(args[3]), tonumber(args[4])
  math.randomseed(tonumber(args[5]))
  local order = {}
  for i = 1, identifiers do
    local other = math.random(i)
    order[i] = order[other]
    order[other] = i - 1
  end
  for first = 1, identifiers, depth do
    local batch = {}
    for i = first, first + depth - 1 do
      batch[#batch + 1] = before .. string.format("%07d", order[i]) .. after
    end
    requests[#requests + 1] = table.concat(batch)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary)
  local errors = summary.errors
  print(string.format("tollgate answers=%d micros=%d errors=%d", summary.requests,
    summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
