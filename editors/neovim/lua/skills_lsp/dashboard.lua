---The dashboard: in a browser where the server brings one, else its main reports in one document.
local client_of = require('skills_lsp.client')
local config = require('skills_lsp.config')
local text = require('skills_lsp.text')

local M = {}

---@type vim.SystemObj?
local served = nil
local url = nil
-- What click ends with when it does not know a command.
local UNKNOWN_COMMAND = 2

function M.open()
  local client = client_of.current()
  if not client then
    return
  end
  if served and url then
    M.browse(url)
    return
  end
  local printed = ''
  local function take(_, chunk)
    printed = printed .. (chunk or '')
    local found = not url and printed:match('https?://%S+')
    if found then
      url = found
      vim.schedule(function()
        M.browse(found)
      end)
    end
  end
  local command = vim.list_extend(config.program(), { 'dashboard' })
  local database = config.get().settings.database
  if type(database) == 'string' and database ~= '' then
    vim.list_extend(command, { '--database', vim.fs.normalize(database) })
  end
  -- Python opens no browser by this, for |vim.ui.open()| to do it as the user has it.
  local options = { stdout = take, cwd = client.config.root_dir, env = { BROWSER = 'true' } }
  local is_started, process = pcall(vim.system, command, options, function(done)
    served, url = nil, nil
    if done.code == UNKNOWN_COMMAND then
      vim.schedule(function()
        require('skills_lsp.reports').together(client)
      end)
    end
  end)
  served = is_started and process or nil
  if not is_started then
    require('skills_lsp.reports').together(client)
  end
end

---@param address string
function M.browse(address)
  local _, problem = vim.ui.open(address)
  local said = problem and (' It could not be opened here: ' .. text.one_line(problem)) or ''
  client_of.tell(('the dashboard is at %s%s'):format(address, said))
end

vim.api.nvim_create_autocmd('VimLeavePre', {
  callback = function()
    if served then
      served:kill('sigterm')
    end
  end,
})

return M
