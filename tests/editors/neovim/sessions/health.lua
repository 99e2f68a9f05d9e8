-- What :checkhealth says, with a server or without one.
local driver = dofile(vim.env.SESSION_DRIVER)
local report = driver.report

driver.session(function()
  if vim.env.WITHOUT_SERVER then
    vim.wait(200) -- for what must not come: a second message
    vim.cmd('edit shop/prices.py')
    vim.cmd('Skills run pytest-run')
    vim.cmd('Skills restart')
    report.all_messages = vim.fn.execute('messages') -- also those before this script
    report.n_clients = #vim.lsp.get_clients()
  else
    driver.wait_for_server()
  end
  vim.cmd('checkhealth skills_lsp')
  report.health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end)
