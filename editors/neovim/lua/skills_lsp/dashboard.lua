---The dashboard: in a browser where the server brings one, else its main reports in one document.
local client_of = require('skills_lsp.client')
local config = require('skills_lsp.config')
local text = require('skills_lsp.text')

local M = {}

---@type vim.SystemObj? what serves the page
local served = nil
-- What click ends with when it does not know a command or an option.
local UNKNOWN_COMMAND = 2

function M.open()
  local client = client_of.current(M.open)
  if not client then
    return
  end
  -- An address works once, so that each call needs a new one.
  M.stop()
  local is_started, process
  is_started, process = pcall(vim.system, M.command(), {
    stdout = M.opener(),
    cwd = client.config.root_dir,
  }, vim.schedule_wrap(function(done)
    if served == process then -- else somebody stopped it
      served = nil
      M.ended(client, done)
    end
  end))
  served = is_started and process or nil
  if not is_started then
    require('skills_lsp.reports').together(client)
  end
end

---@return string[]
function M.command()
  local command = vim.list_extend(config.program(), { 'dashboard', '--no-open' })
  local database = config.get().settings.database
  if type(database) == 'string' and database ~= '' then
    vim.list_extend(command, { '--database', vim.fs.normalize(database) })
  end
  return command
end

---Return what opens the address as soon as it is printed.
---@return fun(_: any, chunk?: string)
function M.opener()
  local printed, is_open = '', false
  return function(_, chunk)
    printed = printed .. (chunk or '')
    local address = not is_open and printed:match('(https?://%S+)%s')
    if address then
      is_open = true
      vim.schedule(function()
        M.browse(address)
      end)
    end
  end
end

---@param client vim.lsp.Client
---@param done vim.SystemCompleted
function M.ended(client, done)
  if done.code == UNKNOWN_COMMAND then
    require('skills_lsp.reports').together(client)
  elseif done.code ~= 0 or done.signal ~= 0 then
    local how = done.stderr ~= '' and done.stderr or ('exit code %d, signal %d'):format(done.code, done.signal)
    client_of.tell(('the dashboard has ended: %s'):format(text.one_line(how, 500)), vim.log.levels.ERROR)
  end
end

---@param address string
function M.browse(address)
  local _, problem = vim.ui.open(address)
  if problem then
    client_of.tell(('open the dashboard yourself: %s (%s)'):format(address, text.one_line(problem)))
  else
    client_of.tell('the dashboard opens in the browser.')
  end
end

---Serve the page no longer.
function M.stop()
  if served then
    served:kill('sigterm')
    served = nil
  end
end

vim.api.nvim_create_autocmd('VimLeavePre', { callback = M.stop })

return M
