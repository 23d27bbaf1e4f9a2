-- A plugin's configuration as Kong reads it by a schema, as far as ours uses Kong's rules; one that
-- is not known here is an error, so that none is written in vain.
local configuration = {}

local function is_integer(value)
  return type(value) == "number" and value % 1 == 0
end

local TYPES = {
  string = function(value) return type(value) == "string" and value ~= "" end,
  integer = is_integer,
  boolean = function(value) return type(value) == "boolean" end,
  array = function(value) return type(value) == "table" end,
}

local function is_one_of(value, all)
  for _, one in ipairs(all) do
    if one == value then
      return true
    end
  end
  return false
end

local RULES = {
  one_of = is_one_of,
  between = function(value, ends) return value >= ends[1] and value <= ends[2] end,
  match = function(value, pattern) return value:match(pattern) ~= nil end,
  not_match = function(value, pattern) return value:match(pattern) == nil end,
  len_max = function(value, most) return #value <= most end,
  len_min = function(value, least) return #value >= least end,
}

-- What says nothing about a value.
local OTHERS = {
  type = true,
  required = true,
  default = true,
  elements = true,
  encrypted = true,
  referenceable = true,
}

local function wrong(field, value)
  local is = TYPES[field.type] or error("no type " .. tostring(field.type))
  if not is(value) then
    return "is no " .. field.type
  end
  for rule, argument in pairs(field) do
    local holds = RULES[rule] or OTHERS[rule] or error("no rule " .. rule)
    if holds ~= true and not holds(value, argument) then
      return "breaks " .. rule
    end
  end
  for _, element in ipairs(field.elements and value or {}) do
    local broken = wrong(field.elements, element)
    if broken then
      return "has an element that " .. broken
    end
  end
  return nil
end

local function record(schema)
  for _, field in ipairs(schema.fields) do
    if field.config then
      return field.config
    end
  end
  error("no config")
end

-- With its defaults; nil and the reason where Kong would refuse it.
function configuration.read(schema, said)
  local fields, read = {}, {}
  for _, one in ipairs(record(schema).fields) do
    local name, field = next(one)
    fields[name] = field
    local value = said[name]
    if value == nil then
      value = field.default
    end
    if value == nil and field.required then
      return nil, name .. " is missing"
    end
    local broken = value ~= nil and wrong(field, value)
    if broken then
      return nil, name .. " " .. broken
    end
    read[name] = value
  end
  for name in pairs(said) do
    if not fields[name] then
      return nil, name .. " is unknown"
    end
  end
  for _, check in ipairs(schema.entity_checks) do
    local holds, reason = check.custom_entity_check.fn({ config = read })
    if not holds then
      return nil, reason
    end
  end
  return read
end

return configuration
