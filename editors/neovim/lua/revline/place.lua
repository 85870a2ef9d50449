--- How the revision of each buffer stands to the database, for a status line or a winbar: `b:revline_place` is `here`,
--- `applied` or `pending`, and not there where that is not known.

local M = {}

--- What the server says of all places at once; empty where no database was seen.
local known = ''

---@param bufnr integer
function M.ask(bufnr)
  local client = vim.lsp.get_clients({ name = 'revline', bufnr = bufnr })[1]
  if known == '' or not client then
    vim.b[bufnr].revline_place = nil
    return
  end
  client:request('revline/place', { uri = vim.uri_from_bufnr(bufnr) }, function(_, answer)
    if vim.api.nvim_buf_is_valid(bufnr) then
      vim.b[bufnr].revline_place = type(answer) == 'table' and answer.place or nil
      vim.cmd.redrawstatus()
    end
  end, bufnr)
end

--- Asks anew for every buffer where something stands otherwise by now.
---@param status table
function M.renew(status)
  local places = {}
  for _, environment in ipairs(status.environments or {}) do
    local database = environment.database
    table.insert(places, type(database) == 'table' and database.places or nil)
  end
  local now = table.concat(places, ' ')
  if now == known then
    return
  end
  known = now
  for _, client in ipairs(vim.lsp.get_clients({ name = 'revline' })) do
    for bufnr in pairs(client.attached_buffers) do
      M.ask(bufnr)
    end
  end
end

return M
