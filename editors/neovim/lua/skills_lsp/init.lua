---What other code may call; everything else is the plugin's own and may change.
local M = {}

---Set options from Lua, as plugin managers do. Not needed: `vim.g.skills_lsp` does the same.
---@param options? skills_lsp.Options
function M.setup(options)
  vim.g.skills_lsp = vim.tbl_deep_extend('force', vim.g.skills_lsp or {}, options or {})
end

---Run a skill at the cursor; without a name, let the user pick one.
---@param name? string
function M.run(name)
  require('skills_lsp.runs').run(name)
end

---What a statusline shows: the skills that run now; empty when there are none.
---@return string
function M.status()
  -- Not loaded yet means that nothing ran yet.
  local state = package.loaded['skills_lsp.state']
  return state and state.status() or ''
end

return M
