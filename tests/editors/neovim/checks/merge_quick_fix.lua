-- The quick fix «Merge heads …», taken as a person takes it, writes one file that joins both heads.
local editor = require('editor')
local project = require('project')

local before = project.revisions()
local heads = project.heads()
local bufnr = editor.open(heads[1].file)
editor.wait('the diagnostic', function()
  return #editor.found('multiple-heads', bufnr) > 0
end)
local range = editor.found('multiple-heads', bufnr)[1]
vim.api.nvim_win_set_cursor(0, { range.lnum + 1, range.col })

local titles = {}
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action)
    table.insert(titles, action.title)
    return vim.startswith(action.title, 'Merge heads')
  end,
})

local merge
local ok = pcall(editor.wait, 'a new file', function()
  vim.cmd('silent! wall')
  for id, revision in pairs(project.revisions()) do
    if not before[id] then
      merge = revision
      return true
    end
  end
end)
assert(ok, 'no new file; the actions offered were: ' .. vim.inspect(titles))

editor.equal('its parents are both heads', project.ids(heads), merge.parents)
editor.equal('it is the only head', { merge.id }, project.ids(project.heads()))
assert(merge.text:match('down_revision[^\n]*=%s*%('), 'its down_revision is no tuple:\n' .. merge.text)
editor.contains('it has an upgrade', merge.text, 'def upgrade')
editor.contains('it has a downgrade', merge.text, 'def downgrade')
for id, revision in pairs(before) do
  editor.equal('the others are as they were', revision.text, project.read(revision.file))
  assert(project.revisions()[id])
end
editor.wait('no two heads any more', function()
  return #editor.found('multiple-heads') == 0
end)
vim.fn.writefile({ merge.file }, vim.env.REVLINE_ROOM .. '/merge')
