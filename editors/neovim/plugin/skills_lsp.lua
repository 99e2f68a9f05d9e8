if vim.g.loaded_skills_lsp then
  return
end
vim.g.loaded_skills_lsp = true

if vim.fn.has('nvim-0.10') == 0 then
  vim.notify('skills_lsp needs Neovim 0.10 or newer.', vim.log.levels.ERROR)
  return
end

-- Nothing of the plugin is loaded before it is used: every `require` stands in a callback.

vim.api.nvim_create_user_command('Skills', function(call)
  require('skills_lsp.commands').run(call)
end, {
  nargs = '*',
  range = true,
  desc = 'skills-lsp: run skills, and show what came of them',
  complete = function(...)
    return require('skills_lsp.commands').complete(...)
  end,
})

for name, arguments in pairs({
  Pick = '',
  Rerun = 'rerun',
  Next = 'next',
  Cancel = 'cancel',
  Search = 'search',
  Explain = 'explain',
  Report = 'report',
  Output = 'output',
  History = 'history',
  Dashboard = 'dashboard',
}) do
  vim.keymap.set('n', ('<Plug>(Skills%s)'):format(name), ('<Cmd>Skills %s<CR>'):format(arguments), {
    desc = ('Skills: %s'):format(name:lower()),
  })
end
-- A lens is picked by the line, and the code actions of a selection by the selection.
vim.keymap.set('n', '<Plug>(SkillsLens)', function()
  vim.lsp.codelens.run()
end, { desc = 'Skills: run the lens of the line' })
vim.keymap.set('x', '<Plug>(SkillsPick)', ':Skills run<CR>', { desc = 'Skills: run on the selection' })

local group = vim.api.nvim_create_augroup('skills_lsp', {})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'skills_lsp' then
      require('skills_lsp.client').attached(client, event.buf)
    end
  end,
})

-- From 0.11 on `vim.lsp.enable('skills_lsp')` starts the server, and loads the client by that. Without
-- the program 0.12 starts nothing and says nothing.
local has_enable = vim.fn.has('nvim-0.11') == 1
vim.api.nvim_create_autocmd('FileType', {
  group = group,
  callback = function(event)
    if not has_enable then
      require('skills_lsp.client').start_for(event.buf)
    elseif package.loaded['skills_lsp.client'] then
      require('skills_lsp.client').look_for_program(event.buf)
    end
  end,
})
