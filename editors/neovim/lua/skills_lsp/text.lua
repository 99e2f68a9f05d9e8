---Text from outside, made fit to be shown: a title or a tool's output may hold anything.
local M = {}

-- What is taken out: how it begins, its pattern, and what comes in its place. A pattern over 10 MB takes
-- half a second and a search for a text a millisecond, so the beginning is looked for first.
local MENDED = {
  { '\r', '\r\n?', '\n' },
  { '\27[', '\27%[[%d;:?]*[%a@]', '' },
  { '\27]', '\27%][^\7\27]*\7?', '' },
  { '\194', '\194[\128-\159]', '' }, -- C1 controls
  { '\226\128', '\226\128[\142\143\170-\174]', '' }, -- marks that turn the direction of text
  { '\226\129', '\226\129[\166-\169]', '' },
  { '\127', '\127', '' },
  { '\0', '%z', '' },
}
for byte = 1, 31 do
  if byte ~= 9 and byte ~= 10 then -- a tab and a line break
    table.insert(MENDED, { string.char(byte), string.char(byte), '' })
  end
end

---Return a text without terminal escapes and control characters; line breaks and tabs stay.
---@param text string
---@return string
function M.plain(text)
  for _, it in ipairs(MENDED) do
    if text:find(it[1], 1, true) then
      text = text:gsub(it[2], it[3])
    end
  end
  return text
end

---Return a text as one line of at most so many characters.
---@param text any
---@param limit? integer
---@param is_laid_out? boolean whether blanks in a row stay
---@return string
function M.one_line(text, limit, is_laid_out)
  local line = vim.trim((M.plain(tostring(text)):gsub(is_laid_out and '[%c]' or '%s+', ' ')))
  limit = limit or 200
  return vim.fn.strchars(line) > limit and vim.fn.strcharpart(line, 0, limit - 1) .. '…' or line
end

---Break a line of prose between words; what follows stands below the text of a list or a quotation.
---@param line string
---@param width integer columns
---@return string[]
local function broken(line, width)
  local lead = line:match('^%s*[-*+]%s+') or line:match('^%s*%d+[.)]%s+') or line:match('^%s*>?%s*')
  local rest = lead:find('>', 1, true) and lead or (' '):rep(#lead)
  local lines, current, used = {}, lead, #lead
  for space, word in line:sub(#lead + 1):gmatch('(%s*)(%S+)') do
    local size = vim.fn.strdisplaywidth(word)
    if used > #lead and used + #space + size > width then
      table.insert(lines, current)
      current, used, space = rest, #rest, ''
    end
    current, used = current .. space .. word, used + #space + size
  end
  table.insert(lines, current)
  return lines
end

-- No sentence is that long, and breaking megabytes takes a while.
local MAX_PROSE_BYTES = 10000

---Break the prose of a Markdown document at a width; tables, headings and code stay as they are.
---@param lines string[]
---@param width integer columns
---@return string[]
function M.wrapped(lines, width)
  local result, fence = {}, nil
  for _, line in ipairs(lines) do
    local mark = line:match('^%s*(```+)') or line:match('^%s*(~~~+)')
    if fence and vim.startswith(mark or '', fence) then
      fence = nil
    elseif not fence then
      fence = mark
    end
    local is_prose = not fence and #line > width and #line <= MAX_PROSE_BYTES and not line:find('^%s*[|#`~]')
    if is_prose and vim.fn.strdisplaywidth(line) > width then
      vim.list_extend(result, broken(line, width))
    else
      table.insert(result, line)
    end
  end
  return result
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
