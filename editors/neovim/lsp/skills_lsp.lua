---@brief
---
--- skills-lsp suggests the development tasks that fit the code under the cursor, runs the one that
--- is picked, and shows what was found at its line. It works beside the servers that are there.
---
--- Enable it with `vim.lsp.enable('skills_lsp')`; see |skills_lsp.txt|.

---@type vim.lsp.Config
return require('skills_lsp.client').config()
