-- Stop what runs, and see that it is told so.
local driver = dofile(vim.env.SESSION_DRIVER)
local report = driver.report

driver.session(function()
  driver.wait_for_server()
  driver.go_to(tonumber(vim.env.ENDLESS_TEST))
  driver.wait_for('the lenses', function()
    return driver.lenses()[tonumber(vim.env.ENDLESS_TEST)]
  end)
  report.status_before = require('skills_lsp').status()
  vim.cmd('Skills run pytest-run')
  driver.wait_for('the test to run', function()
    return vim.fn.filereadable('running.pid') == 1
  end)
  report.status = require('skills_lsp').status()
  report.progress = vim.lsp.status()
  vim.cmd('Skills rate 4')
  driver.wait_for_message('pytest%-run still runs; rate it when it has ended')
  report.completion = vim.fn.getcompletion('Skills cancel ', 'cmdline')
  vim.cmd('Skills cancel pytest-run')
  driver.wait_for_message('cancelled')
  driver.wait_for('the status to be empty', function()
    return require('skills_lsp').status() == ''
  end)
  report.output_is_open = driver.window_with('skills://output/') ~= nil
end)
