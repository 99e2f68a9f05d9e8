---Text from outside, made fit to be shown: a title or a tool's output may hold anything.
local M = {}

-- C0 and C1 controls and DEL, and the marks that turn the direction of text around.
local CONTROLS = '[%z\1-\8\11-\31\127]'
local C1_AND_DIRECTIONS = { '\194[\128-\159]', '\226\128[\142\143\170-\174]', '\226\129[\166-\169]' }

---Return a text without terminal escapes and control characters; line breaks and tabs stay.
---@param text string
---@return string
function M.plain(text)
  text = text:gsub('\r\n?', '\n')
  text = text:gsub('\27%[[%d;:?]*[%a@]', ''):gsub('\27%][^\7\27]*\7?', '')
  text = text:gsub(CONTROLS, '')
  for _, pattern in ipairs(C1_AND_DIRECTIONS) do
    text = text:gsub(pattern, '')
  end
  return text
end

---Return a text as one line of at most so many characters.
---@param text any
---@param limit? integer
---@return string
function M.one_line(text, limit)
  local line = vim.trim((M.plain(tostring(text)):gsub('%s+', ' ')))
  limit = limit or 200
  return vim.fn.strchars(line) > limit and vim.fn.strcharpart(line, 0, limit - 1) .. '…' or line
end

---Return how many letters must be changed, added or left out to make one word the other.
---@param one string
---@param other string
---@return integer
local function distance(one, other)
  local row = {}
  for column = 0, #other do
    row[column] = column
  end
  for at = 1, #one do
    local diagonal = row[0]
    row[0] = at
    for column = 1, #other do
      local cost = one:sub(at, at) == other:sub(column, column) and 0 or 1
      diagonal, row[column] = row[column], math.min(diagonal + cost, row[column] + 1, row[column - 1] + 1)
    end
  end
  return row[#other]
end

-- Two changes are a swap of neighbours, the commonest slip.
local MAX_DISTANCE = 2

---Return the name that was probably meant.
---@param given string
---@param names string[]
---@return string?
function M.nearest(given, names)
  local best, least = nil, MAX_DISTANCE + 1
  for _, name in ipairs(names) do
    local found = distance(given, name)
    if found < least then
      best, least = name, found
    end
  end
  return best
end

return M
