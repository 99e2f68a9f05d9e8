---What changes while Neovim runs: the skills that run now, and the one that ran last.
local text = require('skills_lsp.text')

local M = {}

---@class skills_lsp.Run
---@field key string
---@field client_id integer
---@field skill string
---@field title string
---@field command string
---@field folder string
---@field place { uri: string, line: integer, character: integer }

---@type skills_lsp.Run[]
M.running = {}

---The run that started last, of whichever server; a server that was restarted knows of none.
---@type skills_lsp.Run?
M.last = nil

---The number of the run that ended last, as the history has it.
---@type integer?
M.last_invocation = nil

---@param client_id integer
---@param event table
local function key_of(client_id, event)
  return ('%d:%s'):format(client_id, event.run or event.skill)
end

---@param client_id integer
---@param event table the data of `skills/started`
---@return skills_lsp.Run
function M.started(client_id, event)
  local run = {
    key = key_of(client_id, event),
    client_id = client_id,
    skill = event.skill,
    title = text.one_line(event.title or event.skill),
    command = text.one_line(event.command or '', 300),
    folder = event.folder or '',
    place = { uri = event.uri, line = event.line, character = event.character },
  }
  table.insert(M.running, run)
  M.last = run
  M.redraw()
  return run
end

---@param client_id integer
---@param event table the data of `skills/finished`
---@return skills_lsp.Run?
function M.finished(client_id, event)
  local key, found = key_of(client_id, event), nil
  M.last_invocation = type(event.invocation) == 'number' and event.invocation or M.last_invocation
  M.running = vim.tbl_filter(function(it)
    found = it.key == key and it or found
    return it.key ~= key
  end, M.running)
  M.redraw()
  return found
end

---Forget the runs of a server that is gone; return them.
---@param client_id integer
---@return skills_lsp.Run[]
function M.lost(client_id)
  local lost, left = {}, {}
  for _, run in ipairs(M.running) do
    table.insert(run.client_id == client_id and lost or left, run)
  end
  M.running = left
  M.redraw()
  return lost
end

---@param run? skills_lsp.Run
---@return boolean
function M.is_running(run)
  return run ~= nil and vim.list_contains(M.running, run)
end

---@return string
function M.status()
  if #M.running == 0 then
    return ''
  end
  local names = vim.tbl_map(function(it)
    return it.skill
  end, M.running)
  return '▶ ' .. (table.concat(names, ', '):gsub('%%', '%%%%'))
end

function M.redraw()
  vim.schedule(function()
    vim.cmd.redrawstatus({ bang = true })
  end)
end

return M
