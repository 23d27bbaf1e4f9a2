package = "kong-plugin-tollgate"
version = "0.1.0-1"
source = { url = "." }
description = {
  summary = "Asks Tollgate, a rate limiter, before Kong lets a request through",
  license = "MIT",
}
dependencies = {
  "lua >= 5.1",
  "lua-resty-http >= 0.17",
}
build = {
  type = "builtin",
  modules = {
    ["kong.plugins.tollgate.handler"] = "kong/plugins/tollgate/handler.lua",
    ["kong.plugins.tollgate.question"] = "kong/plugins/tollgate/question.lua",
    ["kong.plugins.tollgate.schema"] = "kong/plugins/tollgate/schema.lua",
  },
}
