-- A language server inside this Neovim: it answers as a test says, and dies when a test says so.
local M = {}

M.COMMANDS = {
  'skills.cancel', 'skills.choices', 'skills.explain', 'skills.history', 'skills.listShortcuts',
  'skills.listSkills', 'skills.report.trend', 'skills.rerunLast', 'skills.run', 'skills.search',
}

---Start it for the current buffer; `answers` are by command, or by method.
function M.start(answers, options)
  options = options or {}
  local server = { asked = {}, is_closing = false }
  local given = require('skills_lsp.client').config()
  given.root_dir = vim.fn.getcwd()
  given.cmd = function(dispatchers)
    server.dispatchers = dispatchers
    return {
      request = function(method, params, callback)
        vim.schedule(function()
          if method == 'initialize' then
            callback(nil, {
              serverInfo = { name = 'skills-lsp', version = '0.0.1' },
              capabilities = {
                executeCommandProvider = { commands = options.commands or M.COMMANDS },
                codeLensProvider = {},
              },
            })
            return
          end
          local name = method == 'workspace/executeCommand' and params.command or method
          local arguments = method == 'workspace/executeCommand' and (params.arguments or {})[1] or params
          table.insert(server.asked, { name = name, arguments = arguments })
          local answer = answers[name]
          if answer == nil and method == 'textDocument/codeLens' then
            answer = {}
          end
          if type(answer) == 'string' then
            callback({ code = -32602, message = answer })
          else
            callback(nil, answer == nil and vim.NIL or answer)
          end
        end)
        return true, #server.asked + 1
      end,
      notify = function(method)
        if method == 'exit' then
          server.is_closing = true
          dispatchers.on_exit(0, 0)
        end
        return true
      end,
      is_closing = function()
        return server.is_closing
      end,
      terminate = function()
        server.is_closing = true
        dispatchers.on_exit(0, 15)
      end,
    }
  end
  server.id = vim.lsp.start(given, { bufnr = vim.api.nvim_get_current_buf() })
  assert(vim.wait(2000, function()
    local client = vim.lsp.get_client_by_id(server.id)
    return client ~= nil and client.initialized and vim.lsp.buf_is_attached(0, server.id)
  end, 5), 'the fake server did not start')
  M.settle()

  ---Send a notification.
  function server.notify(method, params)
    server.dispatchers.notification(method, params)
    M.settle()
  end

  ---Return what was asked for by a name.
  function server.asked_for(name)
    M.settle()
    return vim.tbl_filter(function(it)
      return it.name == name
    end, server.asked)
  end

  return server
end

---Let everything happen that is scheduled.
function M.settle()
  for _ = 1, 5 do
    local is_done = false
    vim.schedule(function()
      is_done = true
    end)
    vim.wait(1000, function()
      return is_done
    end, 1)
  end
end

---Stop all clients.
function M.stop()
  for _, client in ipairs(vim.lsp.get_clients()) do
    require('skills_lsp.client').stop(client)
    vim.wait(2000, function()
      return vim.lsp.get_client_by_id(client.id) == nil
    end, 5)
  end
end

---Keep what is said; returns the list.
function M.listen()
  local said = {}
  vim.notify = function(message)
    table.insert(said, message)
  end
  return said
end

return M
