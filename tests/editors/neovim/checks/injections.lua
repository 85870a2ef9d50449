-- The query of the plugin in Neovim's own tree-sitter: what is SQL inside a Python file, and that the query extends
-- those of others and replaces none.
local editor = require('editor')

local parsers = vim.fn.glob(vim.env.REVLINE_PARSERS)
if parsers == '' then
  error('there are no parsers; run setup-neovim.sh')
end
for _, language in ipairs({ 'python', 'sql' }) do
  assert(vim.treesitter.language.add(language, { path = parsers }))
end

local text = [[
def upgrade():
    op.execute("UPDATE users SET name = 'it''s' WHERE id = :id")
    op.execute(
        """
        SELECT count(*) FROM users
        """
    )
    op.execute(sa.text('DELETE ' 'FROM users'))
    op.get_bind().exec_driver_sql("VACUUM")
    op.add_column("users", sa.Column("note", sa.Text(), comment="SELECT"))
    print("SELECT 1")
]]
local files = vim.treesitter.query.get_files('python', 'injections')
editor.equal('the query is found', true, vim.iter(files):any(function(file)
  return vim.startswith(file, vim.env.REVLINE_PLUGIN)
end))
editor.contains('it extends', vim.fn.readfile(files[#files])[1], '; extends')

local parser = vim.treesitter.get_string_parser(text, 'python')
parser:parse(true)
local pieces = vim.tbl_map(function(tree)
  return vim.trim(vim.treesitter.get_node_text(tree:root(), text))
end, parser:children().sql:trees())
table.sort(pieces)
editor.equal('the SQL', {
  'DELETE',
  'FROM users',
  'SELECT count(*) FROM users',
  "UPDATE users SET name = 'it''s' WHERE id = :id",
  'VACUUM',
}, pieces)
