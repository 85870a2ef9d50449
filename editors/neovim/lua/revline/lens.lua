--- Code lenses (head, 7 of 12, merge of …) kept up to date; `vim.g.revline_codelens = false` leaves them out.

local M = {}

---@param bufnr integer
function M.attach(bufnr)
  -- Neovim 0.12 does it itself.
  if vim.lsp.codelens.enable then
    return vim.lsp.codelens.enable(true, { bufnr = bufnr })
  end
  vim.lsp.codelens.refresh({ bufnr = bufnr })
  local group = vim.api.nvim_create_augroup('revline.lens.' .. bufnr, { clear = true })
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged', 'BufWritePost' }, {
    group = group,
    buffer = bufnr,
    callback = function()
      if #vim.lsp.get_clients({ name = 'revline', bufnr = bufnr }) > 0 then
        vim.lsp.codelens.refresh({ bufnr = bufnr })
      end
    end,
  })
end

return M
