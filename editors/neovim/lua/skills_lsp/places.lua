---Where a skill is to run: at the cursor of a window with code, also while a window of ours has the focus.
local M = {}

---Return the window whose cursor counts: the current one, or from an output or a report the one before.
---@param client vim.lsp.Client
---@return integer
function M.window(client)
  local current = vim.api.nvim_get_current_win()
  if vim.bo.buftype == '' then
    return current
  end
  local candidates = vim.api.nvim_tabpage_list_wins(0)
  table.insert(candidates, 1, vim.fn.win_getid(vim.fn.winnr('#')))
  for _, window in ipairs(candidates) do
    if window ~= 0 and vim.lsp.buf_is_attached(vim.api.nvim_win_get_buf(window), client.id) then
      return window
    end
  end
  return current
end

---Return the type of the file that is worked on.
---@param client vim.lsp.Client
---@return string
function M.language(client)
  return vim.bo[vim.api.nvim_win_get_buf(M.window(client))].filetype
end

---Return the place of the cursor, or of a range of lines, as the server takes it; nil, and a sentence for
---the user, where there is no code.
---@param client vim.lsp.Client
---@param lines? [integer, integer] from 1
---@return table?
function M.at(client, lines)
  local window = M.window(client)
  local bufnr = vim.api.nvim_win_get_buf(window)
  if not vim.lsp.buf_is_attached(bufnr, client.id) then
    require('skills_lsp.client').tell('this is no file that it is for; go to one first.', vim.log.levels.WARN)
    return nil
  end
  local encoding = client.offset_encoding or 'utf-16'
  if not lines then
    local given = vim.lsp.util.make_position_params(window, encoding)
    return {
      uri = given.textDocument.uri,
      line = given.position.line,
      character = given.position.character,
    }
  end
  local last = vim.api.nvim_buf_get_lines(bufnr, lines[2] - 1, lines[2], false)[1] or ''
  local given = vim.lsp.util.make_given_range_params({ lines[1], 0 }, { lines[2], #last }, bufnr, encoding)
  return {
    uri = given.textDocument.uri,
    line = given.range.start.line,
    character = given.range.start.character,
    end_line = given.range['end'].line,
    end_character = given.range['end'].character,
  }
end

return M
