---`:Skills`, its subcommands and their completion.
local client_of = require('skills_lsp.client')

local M = {}

---@class skills_lsp.Subcommand
---@field run fun(words: string[], call: table)
---@field complete? fun(client: vim.lsp.Client, words: string[]): string[]

---@param client vim.lsp.Client
---@return string[]
local function skill_names(client)
  local language = require('skills_lsp.places').language(client)
  local result = client_of.execute_now(client, 'skills.listSkills', { language = language })
  return vim.tbl_map(function(it)
    return it.name
  end, result and result.skills or {})
end

---Return `skill=pytest-run n=3` as a table: what looks like a number or true is taken as that.
---@param words string[]
---@return table
---@return string? problem
function M.arguments(words)
  local found = vim.empty_dict()
  for _, word in ipairs(words) do
    local name, value = word:match('^([%w_]+)=(.*)$')
    if not name then
      return found, ('%s is not of the form name=value.'):format(word)
    end
    local quoted = value:match('^"(.*)"$')
    local known = { ['true'] = true, ['false'] = false }
    if quoted then
      found[name] = quoted
    elseif known[value] ~= nil then
      found[name] = known[value]
    else
      found[name] = tonumber(value) or value
    end
  end
  return found
end

---@param name string
local function report(name)
  return function()
    require('skills_lsp.reports').report(name)
  end
end

---@type table<string, skills_lsp.Subcommand>
local subcommands = {
  run = {
    run = function(words, call)
      local lines = call.range > 0 and { call.line1, call.line2 } or nil
      require('skills_lsp.runs').run(words[1], lines)
    end,
    complete = skill_names,
  },
  rerun = {
    run = function()
      require('skills_lsp.runs').rerun()
    end,
  },
  cancel = {
    run = function(words)
      require('skills_lsp.runs').cancel(words[1])
    end,
    complete = function()
      return vim.tbl_map(function(it)
        return it.skill
      end, require('skills_lsp.state').running)
    end,
  },
  rate = {
    run = function(words)
      require('skills_lsp.runs').rate(words[1])
    end,
    complete = function()
      return { '1', '2', '3', '4', '5' }
    end,
  },
  next = {
    run = function()
      require('skills_lsp.runs').next_step()
    end,
  },
  new = {
    run = function(words)
      require('skills_lsp.runs').new(words[1], words[2])
    end,
    complete = function(_, words)
      return #words == 1 and { 'agent', 'command' } or {}
    end,
  },
  search = {
    run = function(words)
      require('skills_lsp.runs').search(#words > 0 and table.concat(words, ' ') or nil)
    end,
  },
  report = {
    run = function(words)
      local arguments, problem = M.arguments(vim.list_slice(words, 2))
      if problem then
        client_of.tell(problem, vim.log.levels.WARN)
        return
      end
      require('skills_lsp.reports').report(words[1], #words > 1 and arguments or nil)
    end,
    complete = function(client, words)
      return #words == 0 and require('skills_lsp.reports').names(client) or {}
    end,
  },
  shortcuts = {
    run = function(words)
      if #words < 2 then
        require('skills_lsp.reports').report('shortcuts')
      else
        require('skills_lsp.shortcuts').register(words[1], table.concat(vim.list_slice(words, 2), ' '))
      end
    end,
    complete = function(client, words)
      return #words == 0 and skill_names(client) or {}
    end,
  },
  output = {
    run = function(words)
      require('skills_lsp.output').open(words[1])
    end,
    complete = function()
      return require('skills_lsp.output').skills()
    end,
  },
  explain = { run = report('explain') },
  history = { run = report('history') },
  dashboard = {
    run = function()
      require('skills_lsp.dashboard').open()
    end,
  },
  log = {
    run = function()
      local log = vim.lsp.log and vim.lsp.log.get_filename or vim.lsp.get_log_path
      vim.cmd.tabedit(vim.fn.fnameescape(log()))
    end,
  },
  restart = {
    run = function()
      client_of.restart()
    end,
  },
}

---@return string[]
function M.names()
  local names = vim.tbl_keys(subcommands)
  table.sort(names)
  return names
end

---@param call table what |nvim_create_user_command()| hands over
function M.run(call)
  local words = vim.list_slice(call.fargs, 2)
  local name = call.fargs[1] or 'run'
  local subcommand = subcommands[name]
  if subcommand then
    subcommand.run(words, call)
  else
    local near = require('skills_lsp.text').nearest(name, M.names())
    local hint = near and ('Did you mean %s?'):format(near) or ('It knows: %s.'):format(table.concat(M.names(), ', '))
    client_of.tell((':Skills knows no %s. %s'):format(name, hint), vim.log.levels.WARN)
  end
end

---@param prefix string
---@param candidates string[]
local function starting_with(prefix, candidates)
  return vim.tbl_filter(function(it)
    return vim.startswith(it, prefix)
  end, candidates)
end

---@param prefix string
---@param line string
---@param position integer
---@return string[]
function M.complete(prefix, line, position)
  -- A range before it, as in `:'<,'>Skills`, is no word of it.
  local given = line:sub(1, position):gsub("^.-Skills!?", '', 1)
  local words = vim.split(vim.trim(given), '%s+', { trimempty = true })
  if prefix ~= '' then
    table.remove(words)
  end
  if #words == 0 then
    return starting_with(prefix, M.names())
  end
  local subcommand = subcommands[table.remove(words, 1)]
  local client = vim.lsp.get_clients({ name = client_of.NAME, bufnr = 0 })[1]
    or vim.lsp.get_clients({ name = client_of.NAME })[1]
  if not subcommand or not subcommand.complete or not client then
    return {}
  end
  return starting_with(prefix, subcommand.complete(client, words))
end

return M
