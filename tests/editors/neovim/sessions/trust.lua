-- A skill of the project's runs only when the user trusts the file that defines it.
local driver = dofile(vim.env.SESSION_DRIVER)
local report = driver.report
report.asked = {}

-- Answer Neovim's question by the letter that it shows; without one that fits, as <Esc> does.
local answer
vim.fn.confirm = function(message, choices)
  table.insert(report.asked, message)
  for number, choice in ipairs(vim.split(choices, '\n')) do
    if choice:find('&' .. answer, 1, true) then
      return number
    end
  end
  return 0
end

local function run()
  driver.forget_messages()
  vim.cmd('Skills run leave-trace')
  driver.wait_for('an answer', function()
    return driver.has_message('leave%-trace')
  end)
  return { messages = report.messages, has_run = vim.fn.filereadable('ran') == 1 }
end

driver.session(function()
  driver.wait_for_server()
  driver.wait_for('the skill', function()
    return vim.list_contains(vim.fn.getcompletion('Skills run leave', 'cmdline'), 'leave-trace')
  end)

  -- Its title is text, whatever it holds.
  local select = vim.ui.select
  vim.ui.select = function(items, options)
    report.titles = report.titles or {}
    vim.list_extend(report.titles, vim.tbl_map(options.format_item, items))
  end
  vim.cmd('Skills search leave a trace')
  driver.wait_for('the list', function()
    return report.titles
  end)
  vim.ui.select = select

  answer = 'i'
  report.ignored = run()

  -- What the user trusts: 0.10 offers "allow", 0.12 has the file viewed and `:trust`ed.
  answer = vim.fn.has('nvim-0.12') == 1 and 'v' or 'a'
  report.first = run()
  if answer == 'v' then
    driver.wait_for('the file to be viewed', function()
      return vim.api.nvim_buf_get_name(0):find('leave-trace.toml', 1, true)
    end)
    vim.cmd('trust')
    vim.cmd('close')
    report.trusted = run()
  else
    report.trusted = report.first
  end
  report.n_asked = #report.asked

  -- Once trusted, it is not asked about again; changed, it is.
  vim.fn.delete('ran')
  report.again = run()
  report.n_asked_again = #report.asked
  vim.fn.delete('ran')
  vim.fn.writefile({ '# changed' }, '.skills/leave-trace.toml', 'a')
  answer = 'd'
  report.changed = run()
  report.denied = run()
  report.n_asked_in_all = #report.asked
  report.messages = nil
end)
