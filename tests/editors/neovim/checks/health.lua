-- :checkhealth revline finds the program, the server and the environment; without the program it says so.
local editor = require('editor')
local project = require('project')

local function report()
  vim.cmd('checkhealth revline')
  return editor.wait('the report', function()
    local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    return text:find('trust is remembered', 1, true) and text
  end)
end

local heads = project.heads()
editor.open(heads[1].file)
editor.wait('the graph', function()
  return #editor.found('multiple-heads') > 0
end)
local good = report()
assert(not good:find('ERROR', 1, true), good)
editor.contains('the program', good, vim.env.REVLINE_BIN)
editor.contains('the root', good, project.folder)
for _, head in ipairs(heads) do
  editor.contains('the heads', good, head.id)
end

vim.lsp.config('revline', { cmd = { 'no-such-revline', 'server' } })
local bad = report()
editor.contains('the missing program', bad, 'no-such-revline is not a program on PATH')
