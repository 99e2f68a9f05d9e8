-- Skills as tasks of overseer.nvim, which finds this file by its place. A task runs in overseer's own
-- terminal, by `skills-lsp run`, and is recorded in the same history.

---@param search { dir: string, filetype?: string }
---@param take fun(templates: table[])
local function generate(search, take)
  local client_of = require('skills_lsp.client')
  local client = vim.lsp.get_clients({ name = client_of.NAME, bufnr = 0 })[1]
  if not client then
    take({})
    return
  end
  local place = require('skills_lsp.places').at(client)
  if not place then
    take({})
    return
  end
  local at = ('%s:%d'):format(vim.uri_to_fname(place.uri), place.line + 1)
  client_of.execute(client, 'skills.choices', place, function(result)
    local templates = {}
    for _, it in ipairs(result.skills) do
      local is_runnable = type(it.blocked) ~= 'string' and not it.is_agent_skill
      if is_runnable then
        table.insert(templates, {
          name = ('skills: %s'):format(it.name),
          desc = require('skills_lsp.text').one_line(it.title),
          priority = type(it.rank) == 'number' and it.rank or 100,
          builder = function()
            local cmd = require('skills_lsp.config').program()
            return {
              name = it.name,
              cmd = vim.list_extend(cmd, { 'run', it.name, at }),
              cwd = client.config.root_dir or search.dir,
            }
          end,
        })
      end
    end
    take(templates)
  end)
end

return {
  name = 'skills_lsp',
  generator = generate,
  condition = {
    callback = function()
      return #vim.lsp.get_clients({ name = 'skills_lsp', bufnr = 0 }) > 0
    end,
  },
}
