-- Hovers: the SQL of `upgrade`, and what a revision id stands for.
local editor = require('editor')
local project = require('project')

local shown = 0
for _, revision in vim.spairs(project.revisions()) do
  if revision.text:find('op.create_table', 1, true) or revision.text:find('op.add_column', 1, true) then
    local _, client = editor.open(revision.file)
    editor.place('def upgrade')
    vim.cmd('normal! w')
    local text = editor.hover(client)
    if text:find('CREATE TABLE', 1, true) or text:find('ALTER TABLE', 1, true) then
      editor.contains('the SQL is marked as SQL', text, '```sql')
      shown = shown + 1
    elseif revision.text:find('\n    op.create_table', 1, true) then
      error('no SQL in the hover of ' .. revision.file .. ':\n' .. text)
    end
  end
end
assert(shown >= 2, 'SQL was shown for ' .. shown .. ' revisions only')

local child, parent = project.middle()
local _, client = editor.open(child.file)
-- The docstring of the sample may name another parent; the code names this one last.
editor.place(parent.id, select(2, child.text:gsub(parent.id, '')))
local text = editor.hover(client)
editor.contains('the hover of the parent names it', text, parent.id)
editor.contains('and its title', text, parent.title)

-- The same in a floating window, as a person sees it.
vim.lsp.buf.hover()
editor.wait('the floating window', function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
      return table.concat(lines, '\n'):find(parent.title, 1, true) ~= nil
    end
  end
end)
