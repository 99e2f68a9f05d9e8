-- What every scripted session needs: waiting without sleeping, and a report of what was seen.
local M = { report = { messages = {} } }

M.failing_line = tonumber(vim.env.FAILING_LINE)
M.passing_test = tonumber(vim.env.PASSING_TEST)

-- Waits in short turns: a machine that stood still meanwhile has used up one of them, not all.
function M.wait_for(what, condition)
  for _ = 1, 60 do
    if vim.wait(1000, condition, 5) then
      return
    end
  end
  error('waited in vain for ' .. what .. '; messages: ' .. vim.inspect(M.report.messages), 0)
end

function M.has_message(pattern)
  return vim.iter(M.report.messages):any(function(it)
    return it:find(pattern) ~= nil
  end)
end

function M.wait_for_message(pattern)
  M.wait_for('the message ' .. pattern, function()
    return M.has_message(pattern)
  end)
end

-- What was said so far is another step's.
function M.forget_messages()
  M.report.messages = {}
end

function M.client()
  return vim.lsp.get_clients({ name = 'skills_lsp', bufnr = 0 })[1]
end

function M.wait_for_server()
  M.wait_for('the server', function()
    return M.client() and M.client().initialized
  end)
  return M.client()
end

-- The lenses of the current buffer by their line, by both shapes of vim.lsp.codelens.get().
function M.lenses()
  local is_new = vim.fn.has('nvim-0.12') == 1
  local titles = {}
  for _, entry in ipairs(is_new and vim.lsp.codelens.get({ bufnr = 0 }) or vim.lsp.codelens.get(0)) do
    local lens = entry.lens or entry
    if lens.command then
      titles[lens.range.start.line + 1] = lens.command.title
    end
  end
  return titles
end

function M.go_to(line)
  vim.api.nvim_win_set_cursor(0, { line, 0 })
end

-- Press keys as a person does, and let everything happen that they cause at once.
function M.press(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, true, true), 'mx', false)
end

-- The lines of the window that shows a buffer whose name has a part; nil without one.
function M.window_with(part)
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local bufnr = vim.api.nvim_win_get_buf(window)
    if vim.api.nvim_buf_get_name(bufnr):find(part, 1, true) then
      return window, table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false), '\n')
    end
  end
end

-- Answer the next lists with the first entry whose line has this text, and keep what they showed.
function M.pick(part)
  vim.ui.select = function(items, options, choose)
    M.report.titles = vim.tbl_map(options.format_item or tostring, items)
    for number, item in ipairs(items) do
      if M.report.titles[number]:find(part, 1, true) then
        return choose(item, number)
      end
    end
    error('nothing to pick has ' .. part .. ': ' .. vim.inspect(M.report.titles))
  end
end

local notify = vim.notify
vim.notify = function(message, ...)
  table.insert(M.report.messages, message)
  return notify(message, ...)
end
local show_message = vim.lsp.handlers['window/showMessage']
vim.lsp.handlers['window/showMessage'] = function(err, result, ...) -- 0.10 prints by echo
  table.insert(M.report.messages, result.message)
  return show_message(err, result, ...)
end

-- Run the steps, write the report, and end.
function M.session(steps)
  local ok, problem = xpcall(steps, function(it)
    return debug.traceback(tostring(it), 2)
  end)
  M.report.error = not ok and tostring(problem) or nil
  vim.fn.writefile({ vim.json.encode(M.report) }, vim.env.SESSION_REPORT)
  vim.cmd('qall!')
end

return M
