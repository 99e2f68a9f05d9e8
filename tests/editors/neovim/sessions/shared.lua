-- One of two Neovims on a project: each runs, and sees what the other ran.
local driver = dofile(vim.env.SESSION_DRIVER)
local report = driver.report

local function is_there(name)
  return vim.fn.filereadable(name) == 1
end

driver.session(function()
  driver.wait_for_server()
  vim.fn.writefile({}, vim.env.OWN_MARK .. '.ready')
  driver.wait_for('the other', function()
    return is_there(vim.env.OTHER_MARK .. '.ready')
  end)
  driver.go_to(driver.passing_test)
  for _ = 1, 3 do
    driver.forget_messages()
    vim.cmd('Skills run pytest-run')
    driver.wait_for_message('1 passed')
  end
  vim.fn.writefile({}, vim.env.OWN_MARK .. '.done')
  driver.wait_for('the other to be done', function()
    return is_there(vim.env.OTHER_MARK .. '.done')
  end)
  report.lens = driver.lenses()[driver.passing_test]
  vim.cmd('Skills history')
  driver.wait_for('the history', function()
    return driver.window_with('skills://report/history')
  end)
  report.history = select(2, driver.window_with('skills://report/history'))
end)
