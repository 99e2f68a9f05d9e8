---Reports: the server writes them, here they are asked for and shown.
local client_of = require('skills_lsp.client')
local config = require('skills_lsp.config')
local places = require('skills_lsp.places')
local text = require('skills_lsp.text')
local windows = require('skills_lsp.windows')

local M = {}

local PREFIX = '^skills%.'
local REPORT_PREFIX = '^skills%.report%.'
-- Answers with a document that need no question, by the name that they have here.
local OTHERS = {
  explain = 'skills.explain',
  history = 'skills.history',
  session = 'skills.sessionSummary',
  shortcuts = 'skills.listShortcuts',
  skills = 'skills.listSkills',
  suggestions = 'skills.suggest',
}

-- What a dashboard shows, in its order; a server has some or all of these.
local MAIN = {
  'overview', 'session', 'trend', 'heatmap', 'workflow', 'dependencies', 'anomalies', 'pipeline', 'ab', 'learning',
}

---Return the commands of the reports that a server has, by the names that users write.
---@param client vim.lsp.Client
---@return table<string, string>
function M.commands(client)
  local found = {}
  for name, command in pairs(OTHERS) do
    found[name] = client_of.knows(client, command) and command or nil
  end
  local provider = client.server_capabilities.executeCommandProvider or {}
  for _, command in ipairs(provider.commands or {}) do
    if command:find(REPORT_PREFIX) then
      found[(command:gsub(REPORT_PREFIX, ''))] = command
    end
  end
  return found
end

---@param client vim.lsp.Client
---@return string[]
function M.names(client)
  local names = vim.tbl_keys(M.commands(client))
  table.sort(names)
  return names
end

---@param client vim.lsp.Client
---@param title string
---@param markdown string
local function show(client, title, markdown)
  local root = client.config and client.config.root_dir
  windows.document(title, text.plain(markdown), config.get().report, root)
end

---Ask for a report by its command, and show it.
---@param client vim.lsp.Client
---@param command string
---@param arguments? table
function M.open(client, command, arguments)
  client_of.execute(client, command, arguments or vim.empty_dict(), function(result)
    local title = command:gsub(REPORT_PREFIX, ''):gsub(PREFIX, '')
    if type(result.markdown) == 'string' then
      show(client, title, result.markdown)
    elseif type(result.document) == 'string' then -- an older server
      show(client, title, result.document)
    elseif result.message then
      client_of.tell(text.one_line(result.message))
    end
  end)
end

---Open a report by the name that users write; without one, let them pick.
---@param name? string
---@param arguments? table
function M.report(name, arguments)
  local client = client_of.current(function()
    M.report(name, arguments)
  end)
  if not client then
    return
  end
  if not name then
    M.pick(client)
    return
  end
  local command = M.commands(client)[name]
  if not command then
    local near = text.nearest(name, M.names(client))
    local hint = near and ('Did you mean %s?'):format(near)
      or ('There are: %s.'):format(table.concat(M.names(client), ', '))
    client_of.tell(('there is no report %s. %s'):format(text.one_line(name), hint), vim.log.levels.WARN)
    return
  end
  M.open_here(client, command, arguments)
end

---@param client vim.lsp.Client
---@param command string
---@param arguments? table
function M.open_here(client, command, arguments)
  if arguments == nil and vim.list_contains({ OTHERS.explain, OTHERS.suggestions }, command) then
    arguments = places.at(client)
    if not arguments then
      return
    end
  end
  M.open(client, command, arguments)
end

---@param client vim.lsp.Client
function M.pick(client)
  if not client_of.knows(client, 'skills.listReports') then -- an older server
    vim.ui.select(M.names(client), { prompt = 'Report' }, function(name)
      if name then
        M.report(name)
      end
    end)
    return
  end
  client_of.execute(client, 'skills.listReports', vim.empty_dict(), function(result)
    local width = 0
    for _, it in ipairs(result.reports) do
      width = math.max(width, vim.fn.strdisplaywidth(text.one_line(it.title, 40)))
    end
    local function line_of(it)
      local title = text.one_line(it.title, 40)
      local blanks = (' '):rep(width - vim.fn.strdisplaywidth(title) + 2)
      return text.one_line(title .. blanks .. text.one_line(it.summary), math.max(40, vim.o.columns - 6), true)
    end
    vim.ui.select(result.reports, { prompt = 'Report', format_item = line_of, kind = 'skills_lsp_report' }, function(it)
      if it then
        M.open_here(client, it.command)
      end
    end)
  end)
end

---Show the main reports in one document, where the server has no dashboard for a browser.
---@param client vim.lsp.Client
function M.together(client)
  local known, commands = M.commands(client), {}
  for _, name in ipairs(MAIN) do
    table.insert(commands, known[name])
  end
  local parts = {}
  local function ask(number)
    local command = commands[number]
    if not command then
      show(client, 'dashboard', table.concat(parts, '\n\n'))
      return
    end
    local params = { command = command, arguments = { vim.empty_dict() } }
    client_of.request(client, 'workspace/executeCommand', params, function(problem, result)
      if not problem and type(result) == 'table' and type(result.markdown) == 'string' then
        table.insert(parts, vim.trim(result.markdown))
      end
      ask(number + 1)
    end)
  end
  ask(1)
end

return M
