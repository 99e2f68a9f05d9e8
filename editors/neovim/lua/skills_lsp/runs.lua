---Running skills: by name, from a list, again, and not any more.
local client_of = require('skills_lsp.client')
local places = require('skills_lsp.places')
local shortcuts = require('skills_lsp.shortcuts')
local state = require('skills_lsp.state')
local text = require('skills_lsp.text')

local M = {}

---Run a skill at the cursor or on lines; without a name, let the user pick one.
---@param name? string
---@param lines? [integer, integer]
function M.run(name, lines)
  local client = client_of.current(function()
    M.run(name, lines)
  end)
  local place = client and places.at(client, lines)
  if not client or not place then
    return
  end
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

---Return what is mapped to run a skill in the current buffer, as Neovim writes it; nil without a key.
---@param it table
---@return string?
local function key_of(it)
  if type(it.shortcut) ~= 'string' then
    return nil
  end
  local keys = shortcuts.lhs(it.shortcut)
  return vim.fn.maparg(keys, 'n', false, true).desc == shortcuts.description(it.name) and keys or nil
end

---@param it table
---@return string[] columns
local function columns_of(it)
  local columns = { text.one_line(it.title, 60), text.one_line(it.name, 40), text.one_line(it.phase or '', 20) }
  local function add(pattern, value)
    if value ~= nil and value ~= vim.NIL and value ~= '' then
      table.insert(columns, pattern:format(value))
    end
  end
  add('%.2f', it.confidence)
  add('%.2f', it.score)
  add('%s', key_of(it))
  add('last: %s', type(it.last) == 'table' and it.last.status or nil)
  add('cannot run: %s', type(it.blocked) == 'string' and text.one_line(it.blocked, 60) or nil)
  return columns
end

---Return a function that gives a skill as a line of a list, its first columns below one another.
---@param skills table[]
---@return fun(it: table): string
function M.lines_of(skills)
  local widths, limit = { 0, 0, 0 }, math.max(40, vim.o.columns - 6)
  for _, it in ipairs(skills) do
    for number, cell in ipairs(it.more and {} or vim.list_slice(columns_of(it), 1, #widths)) do
      widths[number] = math.max(widths[number], vim.fn.strdisplaywidth(cell))
    end
  end
  -- The confidence has its place, too; a long title gives way to it.
  widths[1] = math.min(widths[1], math.max(24, limit - widths[2] - widths[3] - #'    0.00  '))
  return function(it)
    if it.more then
      return it.more
    end
    local columns = columns_of(it)
    columns[1] = text.one_line(columns[1], widths[1])
    for number = #widths, 1, -1 do
      if widths[number] > 0 then
        columns[number] = padded(columns[number], widths[number])
      else
        table.remove(columns, number)
      end
    end
    -- A line that is broken in two by Neovim's own list is hard to read.
    return text.one_line(table.concat(columns, '  '), limit, true)
  end
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
      choose(client, place, M.others(result.skills), 'Run a skill', result.offer)
    end)
  end)
end

---Return the skills that are not suggested, those that cannot run here last.
---@param skills table[]
---@return table[]
function M.others(skills)
  local runnable, blocked = {}, {}
  for _, it in ipairs(skills) do
    if type(it.rank) ~= 'number' then
      table.insert(type(it.blocked) == 'string' and blocked or runnable, it)
    end
  end
  return vim.list_extend(runnable, blocked)
end

---Pick what is most worth running after the last run, at the place where that ran.
function M.next_step()
  local client = client_of.current(M.next_step)
  local last = state.last
  if not client then
    return
  elseif not last or not last.place.uri then
    client_of.tell('nothing was run in this session yet.')
    return
  end
  local arguments = vim.tbl_extend('force', last.place, { skill = last.skill, limit = 5 })
  client_of.execute(client, 'skills.nextSteps', arguments, function(result)
    if #result.suggestions == 0 then
      client_of.tell(text.one_line(result.message))
    else
      local steps = vim.tbl_map(function(it)
        return vim.tbl_extend('keep', { name = it.skill }, it)
      end, result.suggestions)
      choose(client, last.place, steps, 'Run next', result.offer)
    end
  end)
end

---Write a good start for a skill of the project; the server has it opened.
---@param name? string
---@param kind? string
function M.new(name, kind)
  if not name then
    vim.ui.input({ prompt = 'Name of the new skill, such as check-links: ' }, function(given)
      if given and vim.trim(given) ~= '' then
        M.new(vim.trim(given), kind)
      end
    end)
    return
  end
  local client = client_of.current(function()
    M.new(name, kind)
  end)
  if client then
    local arguments = { name = name, kind = kind or 'command', uri = vim.uri_from_bufnr(0) }
    client_of.execute(client, 'skills.newSkill', arguments, function(result)
      client_of.tell(text.one_line(result.message))
    end)
  end
end

---Search the skills by what is to be done, and run the one that is picked.
---@param query? string
function M.search(query)
  local client = client_of.current(function()
    M.search(query)
  end)
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
  local place = places.at(client)
  if not place then
    return
  end
  local arguments = { query = query, language = places.language(client) }
  client_of.execute(client, 'skills.search', arguments, function(result)
    if #result.skills == 0 then
      client_of.tell(text.one_line(result.message))
    else
      choose(client, place, result.skills, text.one_line(result.message))
    end
  end)
end

---Run again what ran last, also when the server that ran it is gone.
function M.rerun()
  local client = client_of.current(M.rerun)
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
  elseif state.is_running(state.last) then
    client_of.tell(('%s still runs; rate it when it has ended.'):format(text.one_line(state.last.skill)))
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
