-- Runs busted inside Neovim: nvim --headless -u NONE -l run.lua FOLDER...
-- Debian's busted is for Lua 5.1, which LuaJIT is; its folders come before Neovim's own.
local folders = { '/usr/local', '/usr' }
for _, prefix in ipairs(folders) do
  package.path = ('%s/share/lua/5.1/?.lua;%s/share/lua/5.1/?/init.lua;%s'):format(prefix, prefix, package.path)
  for _, lib in ipairs({ 'lib/x86_64-linux-gnu', 'lib/aarch64-linux-gnu', 'lib' }) do
    package.cpath = ('%s/%s/lua/5.1/?.so;%s'):format(prefix, lib, package.cpath)
  end
end
package.path = ('%s/?.lua;%s'):format(vim.env.SPEC_FOLDER, package.path)
vim.opt.rtp:prepend(vim.env.PLUGIN_FOLDER)
vim.cmd.runtime('plugin/skills_lsp.lua')

require('busted.runner')({ standalone = false })
