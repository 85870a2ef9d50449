--- How the server stands, for a status line: `%{v:lua.require'revline.status'.text()}`.

local M = {}

---@class revline.Database
---@field name string|vim.NIL
---@field address string
---@field state 'offered'|'closed'|'seen'
---@field pending integer?
---@field places string?

---@type { state: string, environments: { name: string, heads: table[], revisions: integer, database: revline.Database|vim.NIL }[]? }?
local last

---@param status table
function M.take(status)
  last = status
  vim.schedule(function()
    require('revline.place').renew(status)
    vim.cmd.redrawstatus({ bang = true })
  end)
end

--- «1 head», «2 heads, 3 pending (test)», «reading»; empty where no server has spoken.
---@return string
function M.text()
  if not last then
    return ''
  end
  if not last.environments then
    return 'reading migrations'
  end
  local heads, pending, names = 0, 0, {}
  for _, environment in ipairs(last.environments) do
    heads = heads + #environment.heads
    local database = environment.database
    if type(database) == 'table' then
      pending = pending + (database.pending or 0)
      if type(database.name) == 'string' then
        table.insert(names, database.name)
      end
    end
  end
  local text = heads == 1 and '1 head' or (heads .. ' heads')
  if pending > 0 then
    text = ('%s, %d pending'):format(text, pending)
  end
  if #names > 0 then
    text = ('%s (%s)'):format(text, table.concat(names, ', '))
  end
  return text
end

return M
