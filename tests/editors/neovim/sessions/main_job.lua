-- The main job: attach, lens, menu, :Skills run and its diagnostic, rerun, search, report.
local driver = dofile(vim.env.SESSION_DRIVER)
local report = driver.report

driver.session(function()
  local client = driver.wait_for_server()
  report.root = client.config.root_dir
  driver.wait_for('the lenses', function()
    return driver.lenses()[driver.passing_test]
  end)

  -- The lens.
  driver.go_to(driver.passing_test)
  vim.lsp.codelens.run()
  driver.wait_for_message('1 passed')
  driver.wait_for('the lens to tell of it', function()
    return driver.lenses()[driver.passing_test]:find('✓')
  end)

  -- :Skills run, and what a failing test leaves.
  driver.go_to(driver.failing_line)
  vim.cmd('Skills run pytest-run')
  driver.wait_for_message('1 failed')
  driver.wait_for('a diagnostic', function()
    return #vim.diagnostic.get(0) > 0
  end)
  report.diagnostics = vim.tbl_map(function(it)
    return { line = it.lnum + 1, message = it.message, source = it.source }
  end, vim.diagnostic.get(0))
  driver.wait_for('the output', function()
    return driver.window_with('skills://output/pytest-run')
  end)
  report.output = select(2, driver.window_with('skills://output/pytest-run'))
  report.window_is_kept = vim.api.nvim_buf_get_name(0):find('test_prices.py') ~= nil

  -- The menu of code actions.
  driver.forget_messages()
  driver.pick('Run this test: test_a_discount_is_taken_once')
  vim.lsp.buf.code_action()
  driver.wait_for_message('1 failed')
  report.actions = report.titles

  -- Again.
  driver.forget_messages()
  vim.cmd('Skills rerun')
  driver.wait_for_message('1 failed')

  -- From the list, and by what is to be done.
  driver.forget_messages()
  driver.go_to(driver.passing_test)
  driver.pick('pytest-run')
  vim.cmd('Skills run')
  driver.wait_for_message('1 passed')
  report.choices = report.titles
  driver.forget_messages()
  driver.pick('pytest-run')
  vim.cmd('Skills search run the test')
  driver.wait_for_message('1 passed')
  report.found = report.titles

  -- The documents.
  for _, name in ipairs({ 'history', 'explain', 'shortcuts' }) do
    vim.cmd('Skills ' .. name)
    driver.wait_for('the report ' .. name, function()
      return driver.window_with('skills://report/')
    end)
    local window, text = driver.window_with('skills://report/')
    report[name] = text
    report[name .. '_is_float'] = vim.api.nvim_win_get_config(window).relative ~= ''
    vim.api.nvim_feedkeys('q', 'x', false)
    report[name .. '_is_closed'] = driver.window_with('skills://report/') == nil
  end

  report.completion = {
    subcommands = vim.fn.getcompletion('Skills ', 'cmdline'),
    skills = vim.fn.getcompletion('Skills run pytest-', 'cmdline'),
    reports = vim.fn.getcompletion('Skills report ', 'cmdline'),
  }
  report.messages = vim.tbl_filter(function(it)
    return it:find('[Ee]rror')
  end, report.messages)
end)
