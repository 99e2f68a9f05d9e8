-- A server that dies in the middle of a run comes back, says so, and the run can be run again.
local driver = dofile(vim.env.SESSION_DRIVER)
local report = driver.report
local endless = tonumber(vim.env.ENDLESS_TEST)

-- The process id of our server: Neovim knows of no other process that serves.
local function server_pid()
  for _, pid in ipairs(vim.api.nvim_get_proc_children(vim.fn.getpid())) do
    local file = io.open(('/proc/%d/cmdline'):format(pid))
    local line = file and file:read('*a') or ''
    if file then
      file:close()
    end
    if line:find('serve', 1, true) then
      return pid
    end
  end
end

local function kill_server()
  local old = driver.client().id
  vim.uv.kill(server_pid(), 'sigkill')
  driver.wait_for('the server to be gone', function()
    return vim.lsp.get_client_by_id(old) == nil
  end)
end

local function run_endless()
  vim.fn.delete('running.pid')
  driver.go_to(endless)
  vim.cmd('Skills run pytest-run')
  driver.wait_for('the test to run', function()
    return vim.fn.getfsize('running.pid') > 0
  end)
end

driver.session(function()
  driver.wait_for_server()
  run_endless()
  kill_server()
  driver.wait_for_message('was started again')
  report.said = report.messages
  report.status = require('skills_lsp').status()
  report.output = table.concat(vim.api.nvim_buf_get_lines(vim.fn.bufnr('skills://output/pytest-run'), 0, -1, false), '\n')
  driver.wait_for_server()
  driver.wait_for('the lenses', function()
    return driver.lenses()[endless]
  end)

  -- The new server knows of no run; the plugin does.
  vim.fn.delete('running.pid')
  driver.go_to(1)
  vim.cmd('Skills rerun')
  driver.wait_for('the test to run again', function()
    return vim.fn.getfsize('running.pid') > 0
  end)
  vim.cmd('Skills cancel')
  driver.wait_for_message('cancelled')

  -- It is given up when it dies too often, until somebody asks for it.
  driver.forget_messages()
  kill_server()
  driver.wait_for_message('is not started again')
  report.given_up = report.messages
  report.clients = #vim.lsp.get_clients()
  vim.cmd('Skills restart')
  driver.wait_for_server()
end)
