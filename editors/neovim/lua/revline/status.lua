--- How the server stands, for a status line: `%{v:lua.require'revline.status'.text()}`.

local M = {}

---@type { state: string, environments: { name: string, heads: table[], revisions: integer }[]? }?
local last

---@param status table
function M.take(status)
  last = status
  vim.schedule(function()
    vim.cmd.redrawstatus({ bang = true })
  end)
end

--- «1 head», «2 heads», «reading»; empty where no server has spoken.
---@return string
function M.text()
  if not last then
    return ''
  end
  if not last.environments then
    return 'reading migrations'
  end
  local heads = 0
  for _, environment in ipairs(last.environments) do
    heads = heads + #environment.heads
  end
  return heads == 1 and '1 head' or (heads .. ' heads')
end

return M
