-- Renaming a revision's id changes it everywhere, the docstrings and the file's name included, and nothing else.
local editor = require('editor')
local project = require('project')

local before = project.revisions()
local child, parent = project.middle()
local fresh = 'feed0c0ffee1'
assert(not before[fresh])

-- Every file that names the id stays open, as in a person's Neovim.
for _, revision in vim.spairs(before) do
  editor.open(revision.file)
end
local _, client = editor.open(parent.file)
for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
  local column = line:match('^revision') and line:find(parent.id, 1, true)
  if column then
    vim.api.nvim_win_set_cursor(0, { number, column })
  end
end
vim.lsp.buf.rename(fresh)
editor.wait('the new id on disk, in the header of the child too', function()
  vim.cmd('silent! wall')
  local ok, after = pcall(project.revisions)
  return ok and after[fresh] and not after[parent.id] and vim.list_contains(after[child.id].parents, fresh)
end)

local after = project.revisions()
local function renamed(id)
  return id == parent.id and fresh or id
end
for id, revision in pairs(before) do
  local now = after[renamed(id)]
  assert(now, id .. ' is gone')
  local expected = revision.text:gsub(vim.pesc(parent.id), fresh)
  editor.equal('the text of ' .. now.file, expected, now.text)
  if id ~= parent.id then
    editor.equal('the name of a file that does not carry the id', revision.file, now.file)
  end
end
if parent.file:find(parent.id, 1, true) then
  editor.equal('the file is named by the new id', (parent.file:gsub(vim.pesc(parent.id), fresh)), after[fresh].file)
end
assert(not client:is_stopped())
