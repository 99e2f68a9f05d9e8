---Running skills: by name, from a list, again, and not any more.
local client_of = require('skills_lsp.client')
local state = require('skills_lsp.state')
local text = require('skills_lsp.text')

local M = {}

---Run a skill at the cursor or on lines; without a name, let the user pick one.
---@param name? string
---@param lines? [integer, integer]
function M.run(name, lines)
  local client = client_of.current()
  if not client then
    return
  end
  local place = client_of.place(client, lines)
  if name then
    M.run_at(client, place, name)
  else
    M.pick(client, place)
  end
end

---@param client vim.lsp.Client
---@param place table
---@param name string
---@param offer? string
function M.run_at(client, place, name, offer)
  local arguments = vim.tbl_extend('force', place, { skill = name, offer = offer or '' })
  client_of.execute(client, 'skills.run', arguments)
end

---@param cell string
---@param width integer
---@return string
local function padded(cell, width)
  return cell .. (' '):rep(width - vim.fn.strdisplaywidth(cell))
end

---Return a function that gives a skill as a line of a list, its first columns below one another.
---@param skills table[]
---@return fun(it: table): string
function M.lines_of(skills)
  local title_width, name_width = 0, 0
  for _, it in ipairs(skills) do
    title_width = math.max(title_width, vim.fn.strdisplaywidth(text.one_line(it.title or '', 60)))
    name_width = math.max(name_width, vim.fn.strdisplaywidth(text.one_line(it.name or '', 40)))
  end
  return function(it)
    return it.more or M.line_of(it, title_width, name_width)
  end
end

---@param it table
---@param title_width integer
---@param name_width integer
---@return string
function M.line_of(it, title_width, name_width)
  local parts = { padded(text.one_line(it.title, 60), title_width), padded(text.one_line(it.name, 40), name_width) }
  local function add(pattern, value)
    if value ~= nil and value ~= vim.NIL and value ~= '' then
      table.insert(parts, pattern:format(value))
    end
  end
  add('%s', it.phase)
  add('%.2f', it.confidence)
  add('%.2f', it.score)
  add('%s', it.shortcut)
  add('last: %s', type(it.last) == 'table' and it.last.status or nil)
  add('cannot run: %s', type(it.blocked) == 'string' and text.one_line(it.blocked, 60) or nil)
  return table.concat(parts, '  ')
end

---@param client vim.lsp.Client
---@param place table
---@param skills table[]
---@param prompt string
---@param offer? string
---@param show_more? fun() called for an entry that stands for the rest
local function choose(client, place, skills, prompt, offer, show_more)
  vim.ui.select(skills, { prompt = prompt, format_item = M.lines_of(skills), kind = 'skills_lsp' }, function(it)
    if it and it.more and show_more then
      show_more()
    elseif it then
      M.run_at(client, place, it.name, offer)
    end
  end)
end

---@param client vim.lsp.Client
---@param place table
function M.pick(client, place)
  local arguments = { uri = place.uri, line = place.line, character = place.character }
  client_of.execute(client, 'skills.choices', arguments, function(result)
    local suggested = vim.tbl_filter(function(it)
      return type(it.rank) == 'number'
    end, result.skills)
    local n_more = #result.skills - #suggested
    if #suggested == 0 or n_more == 0 then
      choose(client, place, result.skills, 'Run a skill', result.offer)
      return
    end
    -- A list of a hundred is no help in a list that has no filter, as Neovim's own.
    table.insert(suggested, { more = ('… %d more skills'):format(n_more) })
    choose(client, place, suggested, 'Run a skill', result.offer, function()
      choose(client, place, vim.list_slice(result.skills, #suggested), 'Run a skill', result.offer)
    end)
  end)
end

---Search the skills by what is to be done, and run the one that is picked.
---@param query? string
function M.search(query)
  local client = client_of.current()
  if not client then
    return
  end
  if not query then
    vim.ui.input({ prompt = 'What is to be done? ' }, function(given)
      if given and vim.trim(given) ~= '' then
        M.search(given)
      end
    end)
    return
  end
  local place = client_of.place(client)
  client_of.execute(client, 'skills.search', { query = query, language = vim.bo.filetype }, function(result)
    if #result.skills == 0 then
      client_of.tell(text.one_line(result.message))
    else
      choose(client, place, result.skills, text.one_line(result.message))
    end
  end)
end

---Run again what ran last, also when the server that ran it is gone.
function M.rerun()
  local client = client_of.current()
  if not client then
    return
  end
  local last = state.last
  if last and last.client_id ~= client.id and last.place.uri then
    M.run_at(client, last.place, last.skill)
  else
    client_of.execute(client, 'skills.rerunLast', vim.empty_dict())
  end
end

---Keep with the last run how useful it was.
---@param rating? string
function M.rate(rating)
  local client = client_of.current()
  local number = tonumber(rating)
  if not client then
    return
  end
  if not number then
    client_of.tell('a rating is a number, 1 to 5: :Skills rate 4', vim.log.levels.WARN)
  elseif not state.last_invocation then
    client_of.tell('nothing was run in this session yet.')
  else
    local arguments = { invocation = state.last_invocation, rating = number }
    client_of.execute(client, 'skills.rate', arguments, function(result)
      client_of.tell(text.one_line(result.message))
    end)
  end
end

---Stop running skills: all, or those of one name.
---@param name? string
function M.cancel(name)
  local client = client_of.current()
  if client then
    client_of.execute(client, 'skills.cancel', { skill = name or '' }, function(result)
      if #result.cancelled > 0 then
        client_of.tell(text.one_line(result.message))
      end
    end)
  end
end

return M
