---Code lenses that stay fresh: by Neovim itself from 0.12 on, by events before.
local M = {}

local IS_SELF_REFRESHING = vim.fn.has('nvim-0.12') == 1
local EVENTS = { 'BufEnter', 'BufWritePost', 'CursorHold', 'InsertLeave', 'TextChanged' }

-- An answer that came to nothing, as the text had changed meanwhile, is asked for again so soon and so often.
local RETRY_MS, MAX_RETRIES = 300, 3

---Ask for the lenses of one buffer, from our server alone: others may be switched off.
---@param client vim.lsp.Client
---@param bufnr integer
---@param n_retries? integer
local function refresh(client, bufnr, n_retries)
  local params = { textDocument = vim.lsp.util.make_text_document_params(bufnr) }
  local function answered(problem, ...)
    local retry = (n_retries or 0) + 1
    if problem and retry <= MAX_RETRIES then
      vim.defer_fn(function()
        if vim.lsp.buf_is_attached(bufnr, client.id) then
          refresh(client, bufnr, retry)
        end
      end, RETRY_MS)
    end
    return vim.lsp.codelens.on_codelens(problem, ...)
  end
  require('skills_lsp.client').request(client, 'textDocument/codeLens', params, answered, bufnr)
end

---@param client_id integer
function M.refresh_all(client_id)
  local client = vim.lsp.get_client_by_id(client_id)
  for _, bufnr in ipairs(vim.lsp.get_buffers_by_client_id(client_id)) do
    if client and vim.api.nvim_buf_is_loaded(bufnr) then
      refresh(client, bufnr)
    end
  end
end

---@param client vim.lsp.Client
---@param bufnr integer
function M.keep_fresh(client, bufnr)
  if IS_SELF_REFRESHING then
    vim.lsp.codelens.enable(true, { client_id = client.id })
    return
  end
  local group = vim.api.nvim_create_augroup(('skills_lsp.lenses.%d'):format(bufnr), {})
  vim.api.nvim_create_autocmd(EVENTS, {
    group = group,
    buffer = bufnr,
    callback = function()
      if not vim.lsp.get_client_by_id(client.id) then
        return true -- gone: this autocommand goes, too
      end
      refresh(client, bufnr)
    end,
  })
  refresh(client, bufnr)
end

return M
