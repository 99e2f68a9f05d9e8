-- Other windows than the usual: quickfix, a split for reports, mapped shortcuts, <Plug> keys.
local driver = dofile(vim.env.SESSION_DRIVER)
local report = driver.report

driver.session(function()
  driver.wait_for_server()
  report.problems = vim.deepcopy(report.messages)
  driver.go_to(driver.failing_line)
  driver.wait_for('the keys', function()
    return vim.fn.maparg('<C-S-T>', 'n') ~= '' or not vim.tbl_isempty(vim.fn.maparg('<C-S-T>', 'n', false, true))
  end)
  local keys = vim.api.nvim_replace_termcodes('<C-S-T>', true, true, true)
  vim.api.nvim_feedkeys(keys, 'mx', false)
  driver.wait_for_message('1 failed')
  driver.wait_for('the quickfix list', function()
    return vim.fn.getqflist({ winid = 0 }).winid ~= 0
  end)
  local list = vim.fn.getqflist({ title = 0, items = 0 })
  report.title = list.title
  report.items = vim.tbl_map(function(it)
    return { file = vim.fn.bufname(it.bufnr), line = it.lnum, text = it.text, type = it.type }
  end, list.items)
  report.has_split = driver.window_with('skills://output/') ~= nil

  vim.cmd('Skills shortcuts pytest-file ctrl+k t')
  driver.wait_for_message('pytest%-file')
  driver.wait_for('the registered keys', function()
    return not vim.tbl_isempty(vim.fn.maparg('<C-k>t', 'n', false, true))
  end)

  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('<Plug>(SkillsHistory)', true, true, true), 'mx', false)
  driver.wait_for('the report', function()
    return driver.window_with('skills://report/history')
  end)
  report.is_float = vim.api.nvim_win_get_config(0).relative ~= ''
  vim.cmd('close')

  -- A report with a parameter, and with one that there is not.
  driver.forget_messages()
  vim.cmd('Skills report history skill=pytest-run')
  driver.wait_for('the report', function()
    return driver.window_with('skills://report/history')
  end)
  vim.cmd('close')
  vim.cmd('Skills report history skil=pytest-run')
  driver.wait_for_message("no argument 'skil'")
  vim.cmd('Skills report nonsense')
  driver.wait_for_message('there is no report nonsense')
  vim.cmd('Skills report histroy')
  driver.wait_for_message('Did you mean history%?')
  vim.cmd('Skills nonsense')
  driver.wait_for_message(':Skills knows no nonsense')
  vim.cmd('Skills run no-such-skill')
  driver.wait_for_message("there is no skill 'no%-such%-skill'")

  -- A place in the output leads to its line.
  vim.cmd('Skills output')
  local window = driver.window_with('skills://output/pytest-run')
  vim.api.nvim_set_current_win(window)
  vim.fn.search('tests/test_prices.py:15')
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('<CR>', true, true, true), 'mx', false)
  report.followed = { file = vim.fn.expand('%:t'), line = vim.fn.line('.') }

  -- A skill of the project's own is begun and opened.
  driver.forget_messages()
  vim.cmd('Skills new check-links')
  driver.wait_for('the new skill', function()
    return vim.api.nvim_buf_get_name(0):find('.skills/check-links.toml', 1, true)
  end)
  report.new = vim.api.nvim_buf_get_lines(0, 0, -1, false)
end)
