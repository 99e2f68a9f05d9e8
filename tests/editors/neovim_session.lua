-- What a person does in Neovim, without hands: the built-in client, and nothing else.
-- Writes what was seen as JSON to $SESSION_REPORT.

local report = { titles = {}, messages = {}, lenses = {} }
local failing_line = tonumber(vim.env.FAILING_LINE)
local passing_test = tonumber(vim.env.PASSING_TEST)

local function wait_for(what, condition)
  for _ = 1, 60 do -- short turns: a machine that stood still has used up one of them, not all
    if vim.wait(1000, condition, 5) then
      return
    end
  end
  error('waited in vain for ' .. what, 0)
end

-- The command of the lens on a line, by both shapes of vim.lsp.codelens.get().
local function lens_titles()
  local found = vim.fn.has('nvim-0.12') == 1 and vim.lsp.codelens.get({ bufnr = 0 })
    or vim.lsp.codelens.get(0)
  local titles = {}
  for _, entry in ipairs(found) do
    local lens = entry.lens or entry
    if lens.command then
      titles[tostring(lens.range.start.line + 1)] = lens.command.title
    end
  end
  return titles
end

local function message_with(text)
  return function()
    return vim.iter(report.messages):any(function(it)
      return it:find(text, 1, true) ~= nil
    end)
  end
end

local show_message = vim.lsp.handlers['window/showMessage']
vim.lsp.handlers['window/showMessage'] = function(err, result, ...)
  table.insert(report.messages, result.message)
  return show_message(err, result, ...)
end

vim.ui.select = function(items, options, choose)
  for _, item in ipairs(items) do
    local title = options.format_item(item) -- 0.10 returns a second value, too
    table.insert(report.titles, title)
  end
  choose(items[1], 1)
end

local function session()
  wait_for('the server', function()
    local client = vim.lsp.get_clients({ bufnr = 0 })[1]
    return client and client.initialized
  end)
  local client = vim.lsp.get_clients({ bufnr = 0 })[1]
  report.root = client.config.root_dir

  vim.api.nvim_win_set_cursor(0, { failing_line, 0 })
  vim.lsp.buf.code_action()
  wait_for('a diagnostic', function()
    return #vim.diagnostic.get(0) > 0
  end)
  report.diagnostics = vim.tbl_map(function(it)
    return { line = it.lnum + 1, message = it.message, source = it.source, severity = it.severity }
  end, vim.diagnostic.get(0))
  wait_for('the message', message_with('1 failed'))

  wait_for('the lenses', function()
    return lens_titles()[tostring(passing_test)]
  end)
  vim.api.nvim_win_set_cursor(0, { passing_test, 0 })
  vim.lsp.codelens.run()
  wait_for('the second message', message_with('1 passed'))
  wait_for('the lens to tell of it', function()
    vim.api.nvim_exec_autocmds('InsertLeave', {}) -- when 0.10 asks for lenses anew
    report.lenses = lens_titles()
    return (report.lenses[tostring(passing_test)] or ''):find('✓') ~= nil
  end)

  local history = client.request_sync('workspace/executeCommand', {
    command = 'skills.history',
    arguments = {},
  }, 10000, 0)
  report.history = history and history.result and history.result.message
  wait_for('the report as a document', function()
    return vim.api.nvim_buf_get_name(0):find('history') ~= nil
  end)
  report.document = vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

local ok, problem = pcall(session)
report.error = not ok and tostring(problem) or nil
vim.fn.writefile({ vim.json.encode(report) }, vim.env.SESSION_REPORT)
vim.cmd('qall!')
