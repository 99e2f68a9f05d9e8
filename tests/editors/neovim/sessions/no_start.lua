-- A program that is there and is no server: it ends before it has answered.
local driver = dofile(vim.env.SESSION_DRIVER)
local report = driver.report

driver.session(function()
  vim.cmd('Skills run pytest-run') -- waits for a server that never comes
  driver.wait_for('the end of it', function()
    report.all_messages = vim.fn.execute('messages') -- also those before this script
    return report.all_messages:find('could not start', 1, true)
  end)
  driver.forget_messages()
  vim.cmd('Skills rerun')
  report.after = report.messages
end)
