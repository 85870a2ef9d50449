-- Only lsp/revline.lua, copied into a configuration: diagnostics and hovers are there, the folder is not trusted.
local editor = require('editor')
local project = require('project')

assert(vim.fn.exists(':RevlineMerge') == 0, 'the plugin is not loaded here')
local head = project.heads()[1]
local bufnr, client = editor.open(head.file)
editor.equal('the root', project.folder, client.root_dir)
editor.wait('the diagnostic', function()
  return #editor.found('multiple-heads', bufnr) > 0
end)
local params = {}
client.config.before_init(params, client.config)
editor.equal('trust', false, params.initializationOptions.trusted)

-- A Python file outside a project starts nothing.
local stray = vim.env.REVLINE_ROOM .. '/stray'
vim.fn.mkdir(stray, 'p')
vim.fn.writefile({ 'x = 1' }, stray .. '/stray.py')
vim.cmd.edit(stray .. '/stray.py')
vim.wait(300)
editor.equal('no server for a stray file', 0, #vim.lsp.get_clients({ bufnr = 0 }))
