---The client: how the server is started, what it is told, and what happens when it is gone.
local config = require('skills_lsp.config')
local state = require('skills_lsp.state')
local text = require('skills_lsp.text')

local M = {}

M.NAME = 'skills_lsp'
local HAS_ENABLE = vim.fn.has('nvim-0.11') == 1
-- A server that dies more often than `restarts` within so long is not started again.
local RESTART_WINDOW_MS = 180000
-- So long a command waits for a server that starts; a slow machine needs a few seconds.
local START_MS = 60000

---@type table<integer, table<integer, true>> the buffers of each client, also when it is gone
local buffers = {}
---@type table<integer, vim.lsp.ClientConfig> how each was started
local configs = {}
---@type table<integer, true> clients that somebody told to stop
local stopping = {}
---@type integer[] when servers were started again, in milliseconds
local restarts = {}
---@type fun()[] what is to be done as soon as the server that starts is there
local waiting = {}
local is_starting = false
local is_leaving = false
local is_missing_told = false

vim.api.nvim_create_autocmd('VimLeavePre', {
  callback = function()
    is_leaving = true
  end,
})

---@param message string
---@param level? integer
function M.tell(message, level)
  vim.notify(('skills-lsp: %s'):format(message), level or vim.log.levels.INFO)
end

---Say whether `vim.notify` is Neovim's own, which has one line. 0.12 keeps no name of its source.
local function has_one_line()
  local source = debug.getinfo(vim.notify, 'S').source
  return source == '?' or source == '=?' or vim.startswith(source, '@vim/')
end

---Tell what a server answered. What is wider than the line would wait for <CR>: its end is in |:messages|.
---@param message string
local function tell_answer(message)
  local line = text.one_line(message, 500):gsub('^skills%.[%w.]+: ', '')
  local limit = math.max(20, vim.v.echospace - #'skills-lsp: ')
  if has_one_line() and vim.fn.strdisplaywidth(line) > limit then
    vim.cmd.echomsg({ vim.fn.string('skills-lsp: ' .. line), mods = { silent = true } })
    line = text.one_line(line, limit)
  end
  M.tell(line, vim.log.levels.WARN)
end

local LEVELS = { vim.log.levels.ERROR, vim.log.levels.WARN, vim.log.levels.INFO, vim.log.levels.DEBUG }

---Show a message of the server. How a run ended is cut to the line, as more would wait for <CR>; the
---whole of it is in the output.
---@param params lsp.ShowMessageParams
function M.show_message(_, params)
  local message, limit = params.message, 2000
  for _, run in ipairs(state.running) do
    if vim.startswith(message, run.skill .. ': ') and has_one_line() then
      limit = math.max(20, vim.v.echospace - 1)
    end
  end
  vim.notify(text.one_line(message, limit), LEVELS[params.type] or vim.log.levels.INFO)
end

-- -- starting -------------------------------------------------------------------------------------

---@param events table<string, fun(client_id: integer, event: table)>
---@return table<string, lsp.Handler>
local function handlers_of(events)
  local handlers = {}
  for name, take in pairs(events) do
    handlers['skills/' .. name] = function(_, event, context)
      take(context.client_id, event)
    end
  end
  handlers['window/showMessage'] = M.show_message
  handlers['skills/trust'] = function(...)
    return require('skills_lsp.trust').answer(...)
  end
  if vim.fn.has('nvim-0.12') == 0 then
    handlers['workspace/codeLens/refresh'] = function(_, _, context)
      require('skills_lsp.lenses').refresh_all(context.client_id)
      return vim.NIL
    end
  end
  return handlers
end

local events = {
  started = function(client_id, event)
    require('skills_lsp.output').started(state.started(client_id, event))
  end,
  output = function(client_id, event)
    require('skills_lsp.output').take(client_id, event)
  end,
  finished = function(client_id, event)
    local run = state.finished(client_id, event)
    require('skills_lsp.output').finished(run, event)
  end,
  refused = function() end, -- the server has said so by a message of its own
}

---Return what `vim.lsp.config('skills_lsp')` begins with.
---@return vim.lsp.Config
function M.config()
  local options = config.use()
  return {
    name = M.NAME,
    cmd = options.cmd,
    filetypes = options.filetypes,
    root_markers = options.root_markers,
    root_dir = HAS_ENABLE and M.find_root or nil,
    init_options = options.settings,
    settings = { skillsLsp = options.settings },
    capabilities = {
      workspace = { codeLens = { refreshSupport = true } },
      experimental = {
        skills = { notifications = true, reports = true, trust = options.trust == 'secure' },
      },
    },
    handlers = handlers_of(events),
    before_init = function()
      is_starting = true
    end,
    on_init = M.on_init,
    on_exit = vim.schedule_wrap(M.on_exit),
  }
end

---Say once that the program is missing, and how to get it.
---@param cmd string[]
---@return boolean
local function is_there(cmd)
  if vim.fn.executable(cmd[1]) == 1 then
    return true
  end
  if not is_missing_told then
    is_missing_told = true
    M.tell(
      ('there is no program %s; :checkhealth skills_lsp says how to get it'):format(cmd[1]),
      vim.log.levels.WARN
    )
  end
  return false
end

---Find the project of a buffer for `vim.lsp.enable()`, which starts nothing where this calls nothing.
---@param bufnr integer
---@param on_dir fun(root?: string)
function M.find_root(bufnr, on_dir)
  local resolved = vim.lsp.config[M.NAME] or {}
  local cmd = resolved.cmd
  if type(cmd) ~= 'table' or is_there(cmd) then
    is_starting = true -- Neovim starts it a moment later
    on_dir(vim.fs.root(bufnr, resolved.root_markers or config.defaults().root_markers))
  end
end

---Tell who enabled the server that its program is missing.
---@param bufnr integer
function M.look_for_program(bufnr)
  local resolved = vim.lsp.config[M.NAME] or {}
  local is_ours = vim.bo[bufnr].buftype == ''
    and vim.list_contains(resolved.filetypes or {}, vim.bo[bufnr].filetype)
  if is_ours and type(resolved.cmd) == 'table' then
    is_there(resolved.cmd)
  end
end

---Start the server for a buffer, or attach the one that runs. For Neovim 0.10.
---@param bufnr integer
function M.start_for(bufnr)
  local options = config.use()
  local is_wanted = options.autostart
    and vim.bo[bufnr].buftype == ''
    and vim.list_contains(options.filetypes, vim.bo[bufnr].filetype)
  if is_wanted and is_there(options.cmd) then
    M.start(M.config(), bufnr)
  end
end

---@param given vim.lsp.ClientConfig
---@param bufnr integer
---@return integer?
function M.start(given, bufnr)
  local started = vim.tbl_extend('force', given, {
    root_dir = type(given.root_dir) == 'string' and given.root_dir
      or vim.fs.root(bufnr, given.root_markers or config.defaults().root_markers),
    capabilities = vim.tbl_deep_extend(
      'force',
      vim.lsp.protocol.make_client_capabilities(),
      given.capabilities or {}
    ),
  })
  return vim.lsp.start(started, { bufnr = bufnr })
end

---@param client vim.lsp.Client
function M.on_init(client)
  is_starting = false
  configs[client.id] = client.config
  -- Whoever stops a client does so by this; a server that ends otherwise has died.
  local stop = client.stop
  client.stop = function(...)
    stopping[client.id] = true
    return stop(...)
  end
end

---@param client vim.lsp.Client
---@param bufnr integer
function M.attached(client, bufnr)
  buffers[client.id] = buffers[client.id] or {}
  buffers[client.id][bufnr] = true
  local options = config.use()
  if options.lenses then
    require('skills_lsp.lenses').keep_fresh(client, bufnr)
  end
  if options.shortcuts ~= 'none' then
    require('skills_lsp.shortcuts').map(client, bufnr)
  end
  local actions = waiting
  is_starting, waiting = false, {}
  for _, action in ipairs(actions) do
    vim.schedule(action)
  end
end

-- -- ending ---------------------------------------------------------------------------------------

local function may_restart()
  local now = vim.uv.now()
  restarts = vim.tbl_filter(function(at)
    return now - at < RESTART_WINDOW_MS
  end, restarts)
  if #restarts >= config.get().restarts then
    return false
  end
  table.insert(restarts, now)
  return true
end

---@param client_id integer
---@return integer[]
local function buffers_of(client_id)
  local found = vim.tbl_filter(vim.api.nvim_buf_is_loaded, vim.tbl_keys(buffers[client_id] or {}))
  table.sort(found)
  return found
end

---@param given vim.lsp.ClientConfig
---@param bufnrs integer[]
local function start_again(given, bufnrs)
  for _, bufnr in ipairs(bufnrs) do
    M.start(given, bufnr)
  end
end

---Call something once Neovim has forgotten a client, which it would attach again otherwise.
---@param client_id integer
---@param action fun()
local function when_gone(client_id, action)
  if vim.lsp.get_client_by_id(client_id) then
    vim.defer_fn(function()
      when_gone(client_id, action)
    end, 10)
  else
    action()
  end
end

---@param code integer
---@param signal integer
---@param client_id integer
function M.on_exit(code, signal, client_id)
  local lost = state.lost(client_id)
  local bufnrs, given = buffers_of(client_id), configs[client_id]
  buffers[client_id], configs[client_id] = nil, nil
  if not given then
    is_starting, waiting = false, {}
  end
  if is_leaving or stopping[client_id] or (given and code == 0 and signal == 0) then
    return
  end
  require('skills_lsp.output').lost(lost)
  local how = signal ~= 0 and ('signal %d'):format(signal) or ('exit code %d'):format(code)
  if not given then -- it died before it had answered once, and would again
    local program = table.concat(config.program(), ' ')
    local hint = ('`%s doctor` in a terminal and :Skills log say more.'):format(program)
    M.tell(('the server could not start (%s); %s'):format(how, hint), vim.log.levels.ERROR)
    return
  end
  if not may_restart() then
    local again = ':Skills log may say why, :Skills restart starts it again.'
    M.tell(('the server died (%s) and is not started again. %s'):format(how, again), vim.log.levels.ERROR)
    return
  end
  when_gone(client_id, function()
    start_again(given, bufnrs)
  end)
  local names = vim.tbl_map(function(it)
    return it.skill
  end, lost)
  local more = #names > 0
      and (' %s was stopped by that; :Skills rerun runs it again.'):format(table.concat(names, ', '))
    or ''
  M.tell(('the server died (%s) and was started again.%s'):format(how, more), vim.log.levels.WARN)
end

---Stop the server, and start it again for the buffers that it had.
function M.restart()
  local clients = vim.lsp.get_clients({ name = M.NAME })
  restarts = {}
  if #clients == 0 then
    M.start_here()
    return
  end
  for _, client in ipairs(clients) do
    local bufnrs, given = buffers_of(client.id), configs[client.id]
    stopping[client.id] = true
    M.stop(client)
    vim.wait(10000, function()
      return vim.lsp.get_client_by_id(client.id) == nil
    end, 20)
    start_again(given, bufnrs)
  end
  M.tell('the server was started again.')
end

---@param client vim.lsp.Client
function M.stop(client)
  if HAS_ENABLE then
    client:stop()
  else
    client.stop()
  end
end

---Start the server for the current buffer, though none runs.
function M.start_here()
  local bufnr = vim.api.nvim_get_current_buf()
  local given = HAS_ENABLE and vim.lsp.config[M.NAME] or M.config()
  if not vim.list_contains(given.filetypes, vim.bo[bufnr].filetype) then
    M.tell('it is not for files of this type.', vim.log.levels.WARN)
  elseif type(given.cmd) ~= 'table' or vim.fn.executable(given.cmd[1]) == 1 then
    M.start(given, bufnr)
  else
    is_missing_told = false
    is_there(given.cmd)
  end
end

-- -- asking ---------------------------------------------------------------------------------------

local function tell_missing()
  M.tell('it is not attached here. See :checkhealth skills_lsp', vim.log.levels.WARN)
end

---Wait no longer for a server that should have started.
local function give_up()
  if #waiting > 0 then
    is_starting, waiting = false, {}
    tell_missing()
  end
end

---Return the client of the current buffer, else any. Without one the user is told, or, while the server
---starts, `again` is called as soon as it is there.
---@param again? fun()
---@return vim.lsp.Client?
function M.current(again)
  local found = vim.lsp.get_clients({ name = M.NAME, bufnr = 0 })[1]
    or vim.lsp.get_clients({ name = M.NAME })[1]
  if found then
    return found
  elseif is_starting and again then
    table.insert(waiting, again)
    vim.defer_fn(give_up, START_MS)
  else
    tell_missing()
  end
end

---Say whether a server knows a command; an older one may not.
---@param client vim.lsp.Client
---@param command string
---@return boolean
function M.knows(client, command)
  local provider = client.server_capabilities and client.server_capabilities.executeCommandProvider
  return vim.list_contains(type(provider) == 'table' and provider.commands or {}, command)
end

---Ask for a command of the server; what goes wrong is told in one sentence, and nothing is called.
---@param client vim.lsp.Client
---@param command string
---@param arguments? table
---@param take? fun(result: table)
function M.execute(client, command, arguments, take)
  if not M.knows(client, command) then
    local version = M.version(client)
    local which = version ~= '' and ('this one is %s'):format(version) or 'this one is too old'
    M.tell(('%s needs a newer server; %s. Update skills-lsp.'):format(command, which), vim.log.levels.WARN)
    return
  end
  local params = { command = command, arguments = arguments and { arguments } or nil }
  local function answered(problem, result)
    if problem then
      tell_answer(problem.message)
    elseif take and type(result) == 'table' then
      take(result)
    end
  end
  M.request(client, 'workspace/executeCommand', params, answered)
end

---@param client vim.lsp.Client
---@param method string
---@param params table
---@param answered lsp.Handler
---@param bufnr? integer
function M.request(client, method, params, answered, bufnr)
  if HAS_ENABLE then
    client:request(method, params, answered, bufnr)
  else
    client.request(method, params, answered, bufnr)
  end
end

---Ask for a command and wait for the answer, for completion; nil when it does not come in time.
---@param client vim.lsp.Client
---@param command string
---@param arguments table
---@return table?
function M.execute_now(client, command, arguments)
  if not M.knows(client, command) then
    return nil
  end
  local result, is_answered = nil, false
  M.request(client, 'workspace/executeCommand', { command = command, arguments = { arguments } }, function(_, it)
    result, is_answered = it, true
  end)
  vim.wait(1000, function()
    return is_answered
  end, 5)
  return type(result) == 'table' and result or nil
end

---@param client vim.lsp.Client
---@return string
function M.version(client)
  local info = client.server_info
  return info and info.version or ''
end

return M
