---Keys for skills, where the user wants them mapped: those registered, or those of the skills too.
local client_of = require('skills_lsp.client')
local config = require('skills_lsp.config')

local M = {}

local NAMES = {
  ctrl = 'C', alt = 'A', meta = 'A', option = 'A', shift = 'S', cmd = 'D', super = 'D', win = 'D',
}
local KEYS = {
  enter = 'CR', ['return'] = 'CR', escape = 'Esc', esc = 'Esc', tab = 'Tab', space = 'Space', backspace = 'BS',
  delete = 'Del', insert = 'Insert', home = 'Home', ['end'] = 'End', pageup = 'PageUp', pagedown = 'PageDown',
  up = 'Up', down = 'Down', left = 'Left', right = 'Right', ['<'] = 'lt', ['|'] = 'Bar', ['\\'] = 'Bslash',
}

---Return one stroke, such as `ctrl+shift+t`, as Neovim writes it: `<C-S-t>`.
---@param stroke string
---@return string
local function stroke_of(stroke)
  local parts = vim.split(stroke:lower(), '+', { plain = true })
  local key = table.remove(parts)
  key = key == '' and '+' or KEYS[key] or key:gsub('^f(%d+)$', 'F%1')
  local modifiers = ''
  for _, part in ipairs(parts) do
    modifiers = modifiers .. (NAMES[part] and NAMES[part] .. '-' or '')
  end
  return (modifiers == '' and #key == 1) and key or ('<%s%s>'):format(modifiers, key)
end

---Return keys as Neovim writes them.
---@param keys string such as `ctrl+k ctrl+g t`
---@return string
function M.lhs(keys)
  return table.concat(vim.tbl_map(stroke_of, vim.split(vim.trim(keys), '%s+')))
end

---Return how a mapping of ours is described, in |:map| and in lists of keys.
---@param skill string
---@return string
function M.description(skill)
  return 'Skills: ' .. skill
end

---Map the keys in a buffer; what the user has mapped there already stays.
---@param client vim.lsp.Client
---@param bufnr integer
function M.map(client, bufnr)
  client_of.execute(client, 'skills.listShortcuts', vim.empty_dict(), function(result)
    if not vim.api.nvim_buf_is_valid(bufnr) then
      return
    end
    for skill, keys in pairs(result.shortcuts or {}) do
      local is_own = vim.list_contains(result.registered or {}, skill)
      if is_own or config.get().shortcuts == 'all' then
        M.map_one(bufnr, M.lhs(keys), skill)
      end
    end
  end)
end

---@param bufnr integer
---@param lhs string
---@param skill string
function M.map_one(bufnr, lhs, skill)
  local is_taken = vim.api.nvim_buf_call(bufnr, function()
    local found = vim.fn.maparg(lhs, 'n', false, true)
    return not vim.tbl_isempty(found) and not vim.startswith(found.desc or '', 'Skills: ')
  end)
  if not is_taken then
    vim.keymap.set('n', lhs, function()
      require('skills_lsp.runs').run(skill)
    end, { buffer = bufnr, desc = M.description(skill) })
  end
end

---Register keys for a skill with the server, which keeps them over restarts.
---@param skill string
---@param keys string
function M.register(skill, keys)
  local client = client_of.current(function()
    M.register(skill, keys)
  end)
  if not client then
    return
  end
  client_of.execute(client, 'skills.registerShortcut', { skill = skill, keys = keys }, function(result)
    client_of.tell(require('skills_lsp.text').one_line(result.message))
    if config.get().shortcuts ~= 'none' then
      for _, bufnr in ipairs(vim.lsp.get_buffers_by_client_id(client.id)) do
        M.map_one(bufnr, M.lhs(result.keys), skill)
      end
    end
  end)
end

return M
