-- The SQL of a revision in a buffer of its own, kept in step while the migration is edited.
local editor = require('editor')
local project = require('project')

local head = project.heads()[1]
local bufnr = editor.open(head.file)
local migration = vim.api.nvim_get_current_win()

local lens = editor.wait('the lens with the SQL', function()
  return vim.iter(vim.lsp.codelens.get(bufnr)):find(function(lens)
    return lens.command and lens.command.title == 'SQL'
  end)
end)
vim.lsp.commands['revline.showSql'](lens.command, { bufnr = bufnr })

local function sql_buffer()
  return vim.iter(vim.api.nvim_list_bufs()):find(function(one)
    return vim.startswith(vim.api.nvim_buf_get_name(one), 'revline:/sql/upgrade/' .. head.id)
  end)
end
local function text()
  local buffer = sql_buffer()
  return buffer and table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') or ''
end
editor.wait('the SQL of the revision', function()
  return text():find('Running upgrade', 1, true)
end)
editor.equal('the language of the document', 'sql', vim.bo[sql_buffer()].filetype)
assert(not vim.bo[sql_buffer()].modifiable, 'the document is there to be read')

-- An operation that is typed into the migration appears in the document.
vim.api.nvim_set_current_win(migration)
vim.api.nvim_set_current_buf(bufnr)
for number, line in ipairs(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)) do
  if line:match('^def upgrade') then
    vim.api.nvim_buf_set_lines(bufnr, number, number, false, { "    op.drop_table('kept_in_step')" })
    break
  end
end
editor.wait('the new statement in the document', function()
  return text():find('DROP TABLE kept_in_step', 1, true)
end)
