---Windows of the plugin's own: splits and floats, with `q` to close and `<CR>` to follow a place.
local text = require('skills_lsp.text')

local M = {}

-- Highlighting a document of megabytes takes seconds, and nobody reads it for its colours.
local MAX_HIGHLIGHTED_BYTES = 500000
local MAX_PROSE_COLUMNS = 100

---@param name string
---@param filetype string
---@return integer
function M.scratch(name, filetype)
  local bufnr = vim.fn.bufnr(('^%s$'):format(vim.fn.escape(name, '[]*?\\')))
  if bufnr == -1 then
    bufnr = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(bufnr, name)
  end
  vim.bo[bufnr].buftype = 'nofile'
  vim.bo[bufnr].bufhidden = 'hide'
  vim.bo[bufnr].swapfile = false
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].filetype = filetype
  for key, action in pairs({ q = M.close, ['<CR>'] = M.follow, gf = M.follow }) do
    vim.keymap.set('n', key, action, { buffer = bufnr, nowait = true })
  end
  return bufnr
end

---Remember the folder that the paths in a buffer start from.
---@param bufnr integer
---@param folder string
function M.set_folder(bufnr, folder)
  vim.b[bufnr].skills_lsp_folder = folder
end

function M.close()
  if #vim.api.nvim_list_wins() > 1 then
    vim.api.nvim_win_close(0, true)
  end
end

---Open the file and line under the cursor, such as `tests/test_a.py:12`, in the window before.
function M.follow()
  local word = vim.fn.expand('<cWORD>')
  local path, line = word:match('([^%s:`|"\'()<>%[%]]+):(%d+)')
  path = path or vim.fn.expand('<cfile>')
  for _, folder in ipairs({ vim.b.skills_lsp_folder or '', vim.fn.getcwd() }) do
    local full = path:match('^/') and path or vim.fs.joinpath(folder, path)
    if vim.fn.filereadable(full) == 1 then
      M.show_place(full, tonumber(line) or 1)
      return
    end
  end
  require('skills_lsp.client').tell('there is no file under the cursor.')
end

---@param path string
---@param line integer
function M.show_place(path, line)
  if vim.api.nvim_win_get_config(0).relative ~= '' then
    vim.api.nvim_win_close(0, true)
  else
    vim.cmd.wincmd('p')
  end
  vim.cmd.edit(vim.fn.fnameescape(path))
  vim.api.nvim_win_set_cursor(0, { math.min(line, vim.api.nvim_buf_line_count(0)), 0 })
end

---Run a command that opens a window, and stay where the user is.
---@param command string
function M.without_leaving(command)
  local window = vim.api.nvim_get_current_win()
  vim.cmd(command)
  local opened = vim.api.nvim_get_current_win()
  vim.api.nvim_set_current_win(window)
  return opened
end

---Return the window of this tab page that shows a buffer, else one that shows another of its type.
---@param bufnr integer
---@return integer?
local function window_for(bufnr)
  local alike = nil
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    local shown = vim.api.nvim_win_get_buf(window)
    if shown == bufnr then
      return window
    elseif vim.bo[shown].filetype == vim.bo[bufnr].filetype then
      alike = alike or window
    end
  end
  return alike
end

---Show a buffer in a split at the bottom, in place of another of its type: one of them is enough.
---@param bufnr integer
---@param height integer
function M.split(bufnr, height)
  local window = window_for(bufnr)
  local is_new = not window
  window = window or M.without_leaving(('botright %dsplit'):format(height))
  if vim.api.nvim_win_get_buf(window) ~= bufnr then
    vim.api.nvim_win_set_buf(window, bufnr)
  end
  if is_new then
    vim.wo[window][0].number = false
    vim.wo[window][0].relativenumber = false
    vim.wo[window][0].signcolumn = 'no'
    vim.wo[window][0].winfixheight = true
    vim.wo[window][0].wrap = false
  end
  vim.api.nvim_win_set_cursor(window, { vim.api.nvim_buf_line_count(bufnr), 0 })
end

---@param title string
---@param bufnr integer
---@param lines string[]
local function open_float(title, bufnr, lines)
  local width = vim.fn.strdisplaywidth(title) + 4
  for number = 1, math.min(#lines, 500) do
    width = math.max(width, vim.fn.strdisplaywidth(lines[number]))
  end
  width = math.max(20, math.min(width + 1, vim.o.columns - 4))
  local height = math.max(1, math.min(#lines, vim.o.lines - vim.o.cmdheight - 4))
  return vim.api.nvim_open_win(bufnr, true, {
    relative = 'editor',
    width = width,
    height = height,
    row = math.floor((vim.o.lines - vim.o.cmdheight - height) / 2) - 1,
    col = math.floor((vim.o.columns - width) / 2) - 1,
    border = 'rounded',
    title = (' %s '):format(title),
    title_pos = 'center',
    footer = ' q closes ',
    footer_pos = 'right',
  })
end

---Show a Markdown document.
---@param title string
---@param markdown string
---@param view 'float'|'split'|'tab'
---@param folder? string the folder that its paths start from
function M.document(title, markdown, view, folder)
  local width = math.max(20, math.min(vim.o.columns - 5, MAX_PROSE_COLUMNS))
  local lines = text.wrapped(vim.split(vim.trim(markdown), '\n', { plain = true }), width)
  local filetype = #markdown <= MAX_HIGHLIGHTED_BYTES and 'markdown' or 'text'
  local bufnr = M.scratch('skills://report/' .. title, filetype)
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].modifiable = false
  M.set_folder(bufnr, folder or '')
  local shown = vim.fn.win_findbuf(bufnr)[1]
  if shown then
    vim.api.nvim_set_current_win(shown)
  elseif view == 'float' then
    shown = open_float(title, bufnr, lines)
    vim.keymap.set('n', '<Esc>', M.close, { buffer = bufnr, nowait = true })
  else
    vim.cmd(view == 'tab' and 'tab split' or 'split')
    shown = vim.api.nvim_get_current_win()
    vim.api.nvim_win_set_buf(shown, bufnr)
  end
  vim.api.nvim_win_set_cursor(shown, { 1, 0 })
  vim.wo[shown][0].wrap = false
  vim.wo[shown][0].number = false
  vim.wo[shown][0].relativenumber = false
  vim.wo[shown][0].signcolumn = 'no'
  vim.wo[shown][0].conceallevel = 2
end

return M
