-- The dashboard: an address for the browser, a page behind it, and news of a run.
local driver = dofile(vim.env.SESSION_DRIVER)
local report = driver.report
report.addresses = {}

-- The browser: what it would open is kept.
vim.ui.open = function(address)
  table.insert(report.addresses, address)
  return nil, nil
end

local function open_dashboard()
  local before = #report.addresses
  vim.cmd('Skills dashboard')
  driver.wait_for('the address', function()
    return #report.addresses > before
  end)
  return report.addresses[#report.addresses]
end

local cookies = vim.fn.tempname()
local function browse(address)
  return vim.system({ 'curl', '-sS', '-L', '-c', cookies, '-b', cookies, address }, { text = true }):wait().stdout
end

driver.session(function()
  driver.wait_for_server()
  local address = open_dashboard()
  report.page = browse(address)

  -- The page hears of a run while it goes on.
  local news = ''
  local listener = vim.system({ 'curl', '-sSN', '-b', cookies, (address:gsub('/%?.*', '/news')) }, {
    stdout = function(_, chunk)
      news = news .. (chunk or '')
    end,
  })
  driver.wait_for('the stream', function()
    return news:find('retry', 1, true)
  end)
  driver.go_to(driver.passing_test)
  vim.cmd('Skills run pytest-run')
  driver.wait_for_message('1 passed')
  driver.wait_for('news of the run', function()
    return news:find('data:', 1, true)
  end)
  listener:kill('sigterm')
  listener:wait()

  -- An address works once: asked for again, there is another.
  open_dashboard()
  report.second_page = browse(report.addresses[2])
end)
