---What runs print: in a buffer for each skill, shown in a split, or in the quickfix list.
local config = require('skills_lsp.config')
local text = require('skills_lsp.text')
local windows = require('skills_lsp.windows')

local M = {}

local MAX_LINES = 20000
local HEIGHT = 12
local SEVERITIES = { error = 'E', warning = 'W', information = 'I', info = 'I', hint = 'N' }

---@type table<string, { bufnr: integer, rest: string, folder: string }> by the skill's name
local outputs = {}
---@type string?
local last_skill = nil

---@param skill string
---@return integer
local function buffer_of(skill)
  local known = outputs[skill]
  if known and vim.api.nvim_buf_is_valid(known.bufnr) then
    return known.bufnr
  end
  local bufnr = windows.scratch('skills://output/' .. text.one_line(skill, 80), 'skills_output')
  outputs[skill] = { bufnr = bufnr, rest = '', folder = '' }
  return bufnr
end

---Write lines at the end, and let windows that showed the end follow.
---@param bufnr integer
---@param lines string[]
---@param from integer the first line that is replaced, from 0; -1 to append
local function write(bufnr, lines, from)
  local followers = vim.tbl_filter(function(window)
    return vim.api.nvim_win_get_cursor(window)[1] >= vim.api.nvim_buf_line_count(bufnr)
  end, vim.fn.win_findbuf(bufnr))
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, from, -1, false, lines)
  local n_over = vim.api.nvim_buf_line_count(bufnr) - MAX_LINES
  if n_over > 0 then
    vim.api.nvim_buf_set_lines(bufnr, 0, n_over, false, {})
  end
  vim.bo[bufnr].modifiable = false
  for _, window in ipairs(followers) do
    vim.api.nvim_win_set_cursor(window, { vim.api.nvim_buf_line_count(bufnr), 0 })
  end
end

---Write how a run ended under what it printed.
---@param bufnr integer
---@param line string
local function write_end(bufnr, line)
  local last = vim.api.nvim_buf_line_count(bufnr) - 1
  local is_open = vim.api.nvim_buf_get_lines(bufnr, last, -1, false)[1] ~= ''
  write(bufnr, { '', line }, is_open and -1 or last)
end

---@param run skills_lsp.Run
function M.started(run)
  local bufnr = buffer_of(run.skill)
  last_skill = run.skill
  outputs[run.skill].rest, outputs[run.skill].folder = '', run.folder
  windows.set_folder(bufnr, run.folder)
  write(bufnr, { ('%s  (%s)'):format(run.title, run.skill), '' }, 0)
  if config.get().output == 'split' and config.get().output_open == 'always' then
    M.open(run.skill)
  end
end

---@param _ integer the client's id
---@param event table the data of `skills/output`
function M.take(_, event)
  local bufnr = buffer_of(event.skill)
  local known = outputs[event.skill]
  local lines = vim.split(known.rest .. event.text, '\n', { plain = true })
  known.rest = lines[#lines]
  for number, line in ipairs(lines) do
    lines[number] = text.plain(line):gsub('\n', ' ')
  end
  -- The last line, which may not be whole yet, is written again with what comes next.
  write(bufnr, lines, vim.api.nvim_buf_line_count(bufnr) - 1)
end

---@param event table
---@param folder string
---@return table
local function quickfix_of(event, folder)
  local items = vim.tbl_map(function(it)
    return {
      filename = it.path,
      lnum = it.line,
      col = it.column ~= vim.NIL and it.column or nil,
      text = text.one_line(it.message, 500),
      type = SEVERITIES[it.severity],
    }
  end, event.problems or {})
  local list = { title = ('skills: %s'):format(text.one_line(event.skill)), nr = '$' }
  if #items > 0 then
    return vim.tbl_extend('error', list, { items = items })
  end
  local known = outputs[event.skill]
  local lines = known and vim.api.nvim_buf_get_lines(known.bufnr, 0, -1, false) or {}
  lines = vim.tbl_map(function(line) -- paths are relative to the project
    return (line:gsub('^([%w_.][^:%s]*):(%d+)', function(path, number)
      return ('%s:%s'):format(vim.fs.joinpath(folder, path), number)
    end))
  end, lines)
  return vim.tbl_extend('error', list, { lines = lines, efm = '%f:%l:%c: %m,%f:%l: %m' })
end

---@param run? skills_lsp.Run
---@param event table the data of `skills/finished`
function M.finished(run, event)
  local options = config.get()
  local is_passed = event.status == 'passed' or event.status == 'handed-over'
  local is_opened = options.output_open == 'always'
    or (options.output_open == 'failed' and not is_passed and event.status ~= 'cancelled')
  local bufnr = buffer_of(event.skill)
  local summary = text.one_line(event.summary)
  write_end(bufnr, ('[%s]%s'):format(event.status, summary ~= event.status and ' ' .. summary or ''))
  if options.output == 'split' and is_opened then
    M.open(event.skill)
  elseif options.output == 'quickfix' then
    vim.fn.setqflist({}, ' ', quickfix_of(event, run and run.folder or ''))
    if is_opened then
      windows.without_leaving('botright copen')
    end
  end
  vim.api.nvim_exec_autocmds('User', {
    pattern = 'SkillsFinished',
    modeline = false,
    data = { skill = event.skill, status = event.status, summary = text.one_line(event.summary) },
  })
end

---Say in the output of runs that their server is gone.
---@param runs skills_lsp.Run[]
function M.lost(runs)
  for _, run in ipairs(runs) do
    write_end(buffer_of(run.skill), '[interrupted] the server died')
  end
end

---Show the output of a skill, by default of the one that ran last, in a split.
---@param skill? string
function M.open(skill)
  skill = skill or last_skill
  if not skill or not outputs[skill] then
    local what = skill and ('%s was not run'):format(text.one_line(skill)) or 'nothing was run'
    require('skills_lsp.client').tell(('%s in this session yet.'):format(what))
    return
  end
  windows.split(buffer_of(skill), HEIGHT)
end

---Return the skills that have printed something.
---@return string[]
function M.skills()
  local names = vim.tbl_keys(outputs)
  table.sort(names)
  return names
end

return M
