-- The main job: attach, lens, menu, :Skills run and its diagnostic, rerun, search, report.
local driver = dofile(vim.env.SESSION_DRIVER)
local report = driver.report

-- Open a document, and keep what is in it.
local function see(name, command)
  vim.cmd(command or 'Skills ' .. name)
  driver.wait_for('the report ' .. name, function()
    return driver.window_with('skills://report/')
  end)
  local window, text = driver.window_with('skills://report/')
  report[name] = text
  report[name .. '_is_float'] = vim.api.nvim_win_get_config(window).relative ~= ''
  driver.press('q')
  report[name .. '_is_closed'] = driver.window_with('skills://report/') == nil
end

driver.session(function()
  -- Before the server is there, a command waits for it.
  report.n_clients_at_first = #vim.lsp.get_clients()
  see('shortcuts')
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

  -- What to do next, from the output's window: the place is that of the run.
  driver.go_to(driver.failing_line)
  vim.cmd('Skills run pytest-run')
  driver.wait_for_message('1 failed')
  vim.api.nvim_set_current_win((driver.window_with('skills://output/pytest-run')))
  driver.forget_messages()
  driver.pick('pytest-verbose')
  vim.cmd('Skills next')
  driver.wait_for_message('pytest%-verbose: 1 failed')
  report.next = report.titles
  report.n_windows = #vim.api.nvim_list_wins()

  -- Its rating, kept with it.
  driver.wait_for('the end of it', function()
    return require('skills_lsp').status() == ''
  end)
  vim.cmd('Skills rate 4')
  driver.wait_for_message('Rated 4 of 5')

  -- As a task of overseer.nvim's, which finds templates on the runtime path, and calls them so.
  vim.cmd('wincmd p')
  local file = vim.api.nvim_get_runtime_file('lua/overseer/template/skills_lsp.lua', false)[1]
  local template, tasks = dofile(file), nil
  report.has_tasks = template.condition.callback({ dir = vim.fn.getcwd(), filetype = 'python' })
  template.generator({ dir = vim.fn.getcwd() }, function(found)
    tasks = found
  end)
  driver.wait_for('the tasks', function()
    return tasks
  end)
  local task = vim.iter(tasks):find(function(it)
    return it.name == 'skills: py-compile-check'
  end)
  local built = task.builder()
  report.task = vim.system(built.cmd, { cwd = built.cwd, text = true }):wait().stdout

  -- The documents.
  see('history')
  see('explain')
  see('overview', 'Skills report overview')
  vim.cmd('Skills log')
  report.log = vim.api.nvim_buf_get_name(0)
  vim.cmd('tabclose')

  report.completion = {
    subcommands = vim.fn.getcompletion('Skills ', 'cmdline'),
    skills = vim.fn.getcompletion('Skills run pytest-', 'cmdline'),
    reports = vim.fn.getcompletion('Skills report ', 'cmdline'),
  }
  report.messages = vim.tbl_filter(function(it)
    return it:find('[Ee]rror')
  end, report.messages)
end)
