---The options: their defaults, their checks, what is wrong with those that were given.
local M = {}

---@class skills_lsp.Options
---@field cmd? string[] How the server is started.
---@field filetypes? string[] Where it is attached.
---@field root_markers? string[] What a project's folder has; the first that is found counts.
---@field settings? table<string, any> The server's own settings, such as `maxSuggestions`.
---@field autostart? boolean Start it in Neovim 0.10, which has no `vim.lsp.enable()`.
---@field lenses? boolean Show its code lenses, and keep them fresh.
---@field output? 'split'|'quickfix'|'none' Where the output of a run is shown.
---@field output_open? 'failed'|'always'|'never' After which runs that is opened by itself.
---@field report? 'float'|'split'|'tab' Where reports are opened.
---@field trust? 'secure'|'ask' Who keeps the trust in a project's own skills.
---@field shortcuts? 'none'|'own'|'all' Which keys of skills are mapped: none, those registered, all.
---@field restarts? integer How often within three minutes a server that died is started again.

---@class skills_lsp.Config: skills_lsp.Options
---@field cmd string[]
---@field filetypes string[]
---@field root_markers string[]
---@field settings table<string, any>

---@return skills_lsp.Config
function M.defaults()
  return {
    cmd = { 'skills-lsp', 'serve' },
    filetypes = { 'python', 'javascript', 'javascriptreact', 'typescript', 'typescriptreact' },
    root_markers = { 'pyproject.toml', 'package.json', '.git' },
    settings = {},
    autostart = true,
    lenses = true,
    output = 'split',
    output_open = 'failed',
    report = 'float',
    trust = 'secure',
    shortcuts = 'none',
    restarts = 3,
  }
end

local function is_texts(value)
  if type(value) ~= 'table' or not vim.islist(value) then
    return false
  end
  return vim.iter(value):all(function(it)
    return type(it) == 'string'
  end)
end

local function is_command(value)
  return is_texts(value) and #value > 0 and vim.trim(value[1]) ~= ''
end

local function is_table(value)
  return type(value) == 'table' and (vim.tbl_isempty(value) or not vim.islist(value))
end

local function is_count(value)
  return type(value) == 'number' and value >= 0 and value % 1 == 0
end

local function is_boolean(value)
  return type(value) == 'boolean'
end

---@param ... string
local function one_of(...)
  local choices = { ... }
  local quoted = vim.tbl_map(function(it)
    return ("'%s'"):format(it)
  end, choices)
  local last = table.remove(quoted)
  return function(value)
    return vim.list_contains(choices, value)
  end, ('must be %s or %s'):format(table.concat(quoted, ', '), last)
end

---@type table<string, [fun(value: any): boolean, string]>
local checks = {
  cmd = { is_command, "must be a list of texts that begins with the program, such as { 'skills-lsp', 'serve' }" },
  filetypes = { is_texts, 'must be a list of texts' },
  root_markers = { is_texts, 'must be a list of texts' },
  settings = { is_table, 'must be a table of settings by name' },
  autostart = { is_boolean, 'must be true or false' },
  lenses = { is_boolean, 'must be true or false' },
  output = { one_of('split', 'quickfix', 'none') },
  output_open = { one_of('failed', 'always', 'never') },
  report = { one_of('float', 'split', 'tab') },
  trust = { one_of('secure', 'ask') },
  shortcuts = { one_of('none', 'own', 'all') },
  restarts = { is_count, 'must be a whole number, 0 or more' },
}

---@param name string
---@return string
local function unknown(name)
  local names = vim.tbl_keys(checks)
  table.sort(names)
  local near = require('skills_lsp.text').nearest(name, names)
  local hint = near and ("did you mean '%s'?"):format(near)
    or ('there are: %s.'):format(table.concat(names, ', '))
  return ("vim.g.skills_lsp has an unknown option '%s'; %s"):format(name, hint)
end

---Return the options that hold, and a sentence for each that was given and does not.
---@return skills_lsp.Config
---@return string[] problems
function M.get()
  local options, problems = M.defaults(), {}
  local given = vim.g.skills_lsp
  if given == nil then
    return options, problems
  end
  if not is_table(given) then
    return options, { 'vim.g.skills_lsp must be a table; the defaults are used.' }
  end
  for name, value in vim.spairs(given) do
    local check = checks[name]
    if not check then
      table.insert(problems, unknown(tostring(name)))
    elseif not check[1](value) then
      table.insert(problems, ('vim.g.skills_lsp.%s %s; the default is used.'):format(name, check[2]))
    else
      options[name] = value
    end
  end
  return options, problems
end

local is_told = false

---Return the options; what is wrong with them is said once.
---@return skills_lsp.Config
function M.use()
  local options, problems = M.get()
  if #problems > 0 and not is_told then
    is_told = true
    vim.schedule(function()
      vim.notify(table.concat(problems, '\n'), vim.log.levels.WARN)
    end)
  end
  return options
end

---Return the command line program, without `serve` and what follows it.
---@return string[]
function M.program()
  local program = {}
  for _, word in ipairs(M.get().cmd) do
    if word == 'serve' or word == '--stdio' then
      break
    end
    table.insert(program, word)
  end
  return program
end

return M
