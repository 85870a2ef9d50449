--- The copied project, read from disk without the server: what its answers are held against.

local M = { folder = vim.fn.getcwd() }

---@class Revision
---@field id string
---@field parents string[]
---@field title string
---@field file string
---@field text string

---@param file string
---@return string
function M.read(file)
  local handle = assert(io.open(file, 'r'))
  local text = handle:read('*a')
  handle:close()
  return text
end

---@param text string
---@param name string
---@return string? the right-hand side of the assignment, brackets included
local function assigned(text, name)
  local rest = ('\n' .. text):match('\n' .. name .. '%s*:?[^=\n]*=%s*(.*)')
  if not rest then
    return nil
  end
  return rest:match('^%b()') or rest:match('^%b[]') or rest:match('^[^\n]*')
end

--- Every revision on disk, by id. Names of files do not matter.
---@return table<string, Revision>
function M.revisions()
  local all = {}
  local files = vim.fs.find(function(name, path)
    return name:sub(-3) == '.py' and path:match('/versions$') ~= nil
  end, { path = M.folder, type = 'file', limit = math.huge })
  for _, file in ipairs(files) do
    local text = M.read(file)
    local id = (assigned(text, 'revision') or ''):match('["\']([^"\']+)["\']')
    if id then
      local parents = {}
      for parent in (assigned(text, 'down_revision') or ''):gmatch('["\']([^"\']+)["\']') do
        table.insert(parents, parent)
      end
      table.sort(parents)
      assert(not all[id], 'the id stands twice: ' .. id)
      all[id] = { id = id, parents = parents, title = text:match('"""%s*([^\n]*)') or '', file = file, text = text }
    end
  end
  return all
end

--- The revisions that are nobody's parent, in the order of their ids.
---@return Revision[]
function M.heads()
  local all = M.revisions()
  local parents = {}
  for _, revision in pairs(all) do
    for _, parent in ipairs(revision.parents) do
      parents[parent] = true
    end
  end
  local heads = {}
  for id, revision in vim.spairs(all) do
    if not parents[id] then
      table.insert(heads, revision)
    end
  end
  return heads
end

---@param revisions Revision[]
---@return string[]
function M.ids(revisions)
  return vim.tbl_map(function(revision)
    return revision.id
  end, revisions)
end

--- A revision of the middle of the chain: it has a parent, and it is no head.
---@return Revision child
---@return Revision parent
function M.middle()
  local all = M.revisions()
  local heads = M.ids(M.heads())
  for _, child in vim.spairs(all) do
    local parent = #child.parents == 1 and all[child.parents[1]]
    if parent and not vim.list_contains(heads, child.id) then
      return child, parent
    end
  end
  error('the project has no revision between a parent and a child')
end

return M
