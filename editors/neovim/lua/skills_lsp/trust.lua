---Trust in the skills that a project brings, kept by |vim.secure|: by file, and by its contents.
local text = require('skills_lsp.text')

local M = {}

---Answer the server's question whether a project's skill may run.
---@param params { skill: string, uri: string, runs: string }
---@return { trusted: boolean }
function M.answer(_, params)
  local path = vim.uri_to_fname(params.uri)
  local name, runs = text.one_line(params.skill), text.one_line(params.runs, 300)
  local question = ('The project brings the skill %s, which runs: %s\nIt is defined in %s\n'):format(name, runs, path)
  -- Shown above Neovim's own question, which names the file and nothing else.
  if not M.is_decided(path) then
    vim.api.nvim_echo({ { question, 'WarningMsg' } }, true, {})
  end
  local is_read, contents = pcall(vim.secure.read, path)
  return { trusted = is_read and contents ~= nil }
end

---Say whether Neovim will ask nothing: the file is denied, or trusted as it is.
---@param path string
---@return boolean
function M.is_decided(path)
  local full = vim.uv.fs_realpath(path)
  local list = io.open(vim.fs.joinpath(vim.fn.stdpath('state') --[[@as string]], 'trust'), 'r')
  local file = full and io.open(full, 'rb')
  local decided = false
  if list and file then
    local hash = vim.fn.sha256(file:read('*a'))
    for line in list:lines() do
      local kept, of = line:match('^(%S+) (.+)$')
      decided = decided or (of == full and (kept == '!' or kept == hash))
    end
  end
  for _, handle in ipairs({ list or false, file or false }) do
    if handle then
      handle:close()
    end
  end
  return decided
end

return M
