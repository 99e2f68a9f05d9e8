rockspec_format = '3.0'
package = 'skills-lsp.nvim'
version = 'scm-1'
-- The sources are the folder that this file lies in: `luarocks make` there installs them.
source = { url = 'file://.' }
description = {
  summary = 'Neovim client of skills-lsp: run the development tasks that fit the code at the cursor',
  license = 'MIT',
}
dependencies = { 'lua >= 5.1, < 5.2' }
build = {
  type = 'builtin',
  modules = {
    ['skills_lsp'] = 'lua/skills_lsp/init.lua',
    ['skills_lsp.client'] = 'lua/skills_lsp/client.lua',
    ['skills_lsp.commands'] = 'lua/skills_lsp/commands.lua',
    ['skills_lsp.config'] = 'lua/skills_lsp/config.lua',
    ['skills_lsp.dashboard'] = 'lua/skills_lsp/dashboard.lua',
    ['skills_lsp.health'] = 'lua/skills_lsp/health.lua',
    ['skills_lsp.lenses'] = 'lua/skills_lsp/lenses.lua',
    ['skills_lsp.output'] = 'lua/skills_lsp/output.lua',
    ['skills_lsp.places'] = 'lua/skills_lsp/places.lua',
    ['skills_lsp.reports'] = 'lua/skills_lsp/reports.lua',
    ['skills_lsp.runs'] = 'lua/skills_lsp/runs.lua',
    ['skills_lsp.shortcuts'] = 'lua/skills_lsp/shortcuts.lua',
    ['skills_lsp.state'] = 'lua/skills_lsp/state.lua',
    ['skills_lsp.text'] = 'lua/skills_lsp/text.lua',
    ['skills_lsp.trust'] = 'lua/skills_lsp/trust.lua',
    ['skills_lsp.windows'] = 'lua/skills_lsp/windows.lua',
    ['overseer.template.skills_lsp'] = 'lua/overseer/template/skills_lsp.lua',
  },
  -- With lua/, as Neovim looks for health checks and `vim.lsp.enable()` for configurations there.
  copy_directories = { 'doc', 'lsp', 'plugin' },
}
