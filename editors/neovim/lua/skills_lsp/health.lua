---`:checkhealth skills_lsp`
local client_of = require('skills_lsp.client')
local config = require('skills_lsp.config')
local text = require('skills_lsp.text')

local M = {}

local TIMEOUT_MS = 30000
local HAS_ENABLE = vim.fn.has('nvim-0.11') == 1

---@param words string[]
---@return vim.SystemCompleted?
local function run(words)
  local client = vim.lsp.get_clients({ name = client_of.NAME })[1]
  local folder = client and client.config.root_dir or vim.fn.getcwd()
  local is_started, process =
    pcall(vim.system, vim.list_extend(config.program(), words), { text = true, timeout = TIMEOUT_MS, cwd = folder })
  return is_started and process:wait() or nil
end

local function check_neovim()
  vim.health.start('Neovim')
  local version = vim.version()
  vim.health.ok(('%d.%d.%d'):format(version.major, version.minor, version.patch))
  if HAS_ENABLE and not M.is_enabled() then
    vim.health.warn('the server is not enabled', "Put vim.lsp.enable('skills_lsp') into your init.lua.")
  elseif not HAS_ENABLE and not config.get().autostart then
    vim.health.info('autostart is off: start the server yourself, or by :Skills restart')
  end
end

---@return boolean
function M.is_enabled()
  if vim.lsp.is_enabled then
    return vim.lsp.is_enabled(client_of.NAME)
  end
  return vim.lsp._enabled_configs == nil or vim.lsp._enabled_configs[client_of.NAME] ~= nil
end

local function check_options()
  vim.health.start('Options')
  local _, problems = config.get()
  for _, problem in ipairs(problems) do
    vim.health.error(problem, ':help skills_lsp-options')
  end
  if #problems == 0 then
    vim.health.ok(vim.g.skills_lsp and 'vim.g.skills_lsp is in order' or 'the defaults are used')
  end
end

---@return boolean
local function check_program()
  vim.health.start('Server')
  local program = config.get().cmd[1]
  if vim.fn.executable(program) == 0 then
    vim.health.error(('there is no program %s'):format(program), {
      'Install it: pipx install skills-lsp, or uv tool install skills-lsp.',
      "Or say where it is: vim.g.skills_lsp = { cmd = { '/path/to/skills-lsp', 'serve' } }",
    })
    return false
  end
  local done = run({ '--version' })
  if not done or done.code ~= 0 then
    local said = text.one_line(done and done.stderr or '', 300)
    vim.health.error(('%s --version failed: %s'):format(program, said))
    return false
  end
  vim.health.ok(('%s at %s'):format(text.one_line(done.stdout), vim.fn.exepath(program)))
  return true
end

local LEVELS = { ok = vim.health.ok, warning = vim.health.warn, error = vim.health.error }

---Show what `skills-lsp doctor` found: packages, database, model, and the tools of each skill.
local function check_doctor()
  vim.health.start('What the server finds in this project (skills-lsp doctor)')
  local done = run({ 'doctor', '--json' })
  local is_json, checks = pcall(vim.json.decode, done and done.stdout or '')
  if not is_json or type(checks) ~= 'table' then
    vim.health.warn('skills-lsp doctor gave no answer that can be read', 'Run it in a terminal, or update skills-lsp.')
    return
  end
  for _, check in ipairs(checks) do
    local advice = check.fix and check.fix ~= '' and { text.one_line(check.fix, 300) } or nil
    local say = LEVELS[check.level] or vim.health.info
    say(('%s: %s'):format(text.one_line(check.name), text.one_line(check.message, 500)), advice)
  end
end

local function check_clients()
  vim.health.start('Attached')
  local clients = vim.lsp.get_clients({ name = client_of.NAME })
  for _, client in ipairs(clients) do
    local n_buffers = #vim.lsp.get_buffers_by_client_id(client.id)
    local version = client_of.version(client)
    vim.health.ok(
      ('client %d%s in %s, %d buffer%s'):format(
        client.id,
        version ~= '' and (' (skills-lsp %s)'):format(version) or '',
        client.config.root_dir or 'no project',
        n_buffers,
        n_buffers == 1 and '' or 's'
      )
    )
    local missing = vim.tbl_filter(function(command)
      return not client_of.knows(client, command)
    end, { 'skills.run', 'skills.choices', 'skills.search', 'skills.rerunLast', 'skills.cancel' })
    if #missing > 0 then
      vim.health.warn('the server is older than the plugin', 'Update skills-lsp; it lacks ' .. table.concat(missing, ', '))
    end
  end
  if #clients == 0 then
    vim.health.info('to no buffer; open a file of a project to see more here')
  end
  local log = vim.lsp.log and vim.lsp.log.get_filename or vim.lsp.get_log_path
  vim.health.info(('the log is %s'):format(log()))
end

---Find what else runs the same server, or has the same command.
local function check_conflicts()
  vim.health.start('Conflicts')
  local found = false
  for _, client in ipairs(vim.lsp.get_clients()) do
    local cmd = client.config.cmd
    local is_ours = type(cmd) == 'table' and table.concat(cmd, ' '):find('skills%-lsp') ~= nil
    if is_ours and client.name ~= client_of.NAME then
      found = true
      vim.health.warn(
        ('skills-lsp also runs under the name %s'):format(client.name),
        'Take its lines out of your configuration: everything is offered twice.'
      )
    end
  end
  local command = vim.api.nvim_get_commands({}).Skills
  if not command or not (command.definition or ''):find('skills') then
    found = true
    vim.health.warn(':Skills is not the plugin\'s own command', 'Another plugin has it; load that one first.')
  end
  if not found then
    vim.health.ok('none')
  end
end

function M.check()
  check_neovim()
  check_options()
  local is_there = check_program()
  check_clients()
  check_conflicts()
  if is_there then
    check_doctor()
  end
end

return M
