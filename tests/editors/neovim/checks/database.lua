-- The database of the project: a refused host, an upgrade after its plan with progress, where it stands, and a
-- migration that fails at its line.
local editor = require('editor')
local project = require('project')

--- The last revision of a line that SQLite can run, the one before it, and its child.
local TARGET, BEFORE = '91d3b56f2ac8', '5e92c1b3f680'

vim.g.revline_trusted = true

local heard = {}
vim.lsp.handlers['window/showMessage'] = function(_, params)
  table.insert(heard, params.message)
end

--- Waits for the next thing that is told to the person.
local function hears(what)
  return editor.wait(what, function()
    return table.remove(heard, 1)
  end, 20000)
end

local asked = {}
---@diagnostic disable-next-line: duplicate-set-field
vim.ui.select = function(items, options, on_choice)
  table.insert(asked, options.prompt or '')
  local wanted = { 'Connect', 'Upgrade', 'Downgrade' }
  for index, item in ipairs(items) do
    if vim.list_contains(wanted, item.title) then
      return on_choice(item, index)
    end
  end
  on_choice(nil, nil)
end

local progress = {}
vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(args)
    local value = args.data.params.value
    table.insert(progress, { kind = value.kind, title = value.title, message = value.message })
  end,
})

local function write(name, text)
  local handle = assert(io.open(project.folder .. '/' .. name, 'w'))
  handle:write(text)
  handle:close()
end

local all = project.revisions()

-- A host beyond this machine is refused, whoever asks, and its password is told to nobody.
write('revline.toml', '[database]\nurl = "postgresql://me:hidden@db.example.com/shop"\n')
editor.open(all[TARGET].file)
vim.cmd('RevlineStatus')
local refused = editor.wait('the refusal', function()
  return table.remove(asked, 1)
end)
editor.contains('the refusal', refused, 'db.example.com')
editor.contains('the refusal', refused, 'is not on this machine, and nothing is connected to')
assert(not refused:find('hidden', 1, true), refused)
editor.equal('nothing more was said or asked', { {}, {} }, { asked, heard })

-- What env.py leads to is asked for once; the plan is shown before the run, and progress during it.
assert(os.remove(project.folder .. '/revline.toml'))
local before = editor.wait('the first server', function()
  return vim.lsp.get_clients({ name = 'revline' })[1]
end)
vim.cmd('RevlineRestart')
editor.wait('another server', function()
  local now = vim.lsp.get_clients({ name = 'revline', bufnr = 0 })[1]
  return before:is_stopped() and now and now.id ~= before.id and now.initialized
end)
vim.cmd('RevlineUpgrade ' .. TARGET)
editor.contains('the end of the run', hears('the end of the run'), 'stands at ' .. TARGET)
editor.equal('asked for the connection and for the run', 2, #asked)
editor.contains('the first question', asked[1], 'Connect to sqlite:///')
editor.contains('the plan', asked[2], 'from base to ' .. TARGET)
editor.contains('the plan', asked[2], 'add coupons')
editor.contains('the plan', asked[2], 'Run by native')
assert(vim.uv.fs_stat(project.folder .. '/shop.db'), 'the database was made')
local run = vim.tbl_filter(function(one)
  return one.title and one.title:find('Upgrade sqlite:///', 1, true)
end, progress)
editor.equal('the run has a progress', 'begin', run[1] and run[1].kind)
editor.wait('the end of the progress', function()
  return progress[#progress].kind == 'end'
end)

-- Where it stands, in words, in the status line, in a variable of the buffer and in a lens.
vim.cmd('RevlineStatus')
editor.contains('the status', hears('the status'), 'stands at ' .. TARGET)
editor.wait('the status line', function()
  return require('revline.status').text():match('^2 heads, %d+ pending$')
end)
local function place(id, wanted)
  editor.open(all[id].file)
  editor.wait(id .. ' is ' .. wanted, function()
    return vim.b.revline_place == wanted
  end)
end
place(TARGET, 'here')
editor.wait('the lens', function()
  return vim.iter(vim.lsp.codelens.get(0)):any(function(lens)
    return lens.command and lens.command.title:find('the database is here', 1, true)
  end)
end)
place(BEFORE, 'applied')
place(project.heads()[1].id, 'pending')

-- What was applied is not to be changed any more.
editor.open(all[TARGET].file)
local function changed()
  return editor.found('changed-since-applied', 0)[1]
end
local upgrade = vim.fn.search('^def upgrade', 'cnw')
vim.api.nvim_buf_set_lines(0, upgrade, upgrade, false, { '    # what it is for' })
vim.api.nvim_buf_set_lines(0, upgrade + 1, upgrade + 1, false, { '    op.execute("SELECT 1")' })
editor.contains('the finding', editor.wait('the finding', changed).message, 'Revline applied `' .. TARGET .. '`')
vim.api.nvim_buf_set_lines(0, upgrade + 1, upgrade + 2, false, {})
editor.wait('no finding about a comment', function()
  return not changed()
end)
vim.cmd('edit!')

-- Back by one, and up again with a statement that fails: the line is marked until it is mended.
editor.open(all[TARGET].file)
local file = vim.api.nvim_get_current_win()
vim.cmd('RevlineGraph')
editor.wait('the graph', function()
  return vim.bo.filetype == 'revline-graph' and vim.fn.search(BEFORE, 'cw') > 0
end)
vim.api.nvim_feedkeys('d', 'xt', false)
editor.contains('the way back', hears('the way back'), 'stands at ' .. BEFORE)
vim.api.nvim_feedkeys('q', 'xt', false)
vim.api.nvim_set_current_win(file)
local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
local at
for number, line in ipairs(lines) do
  if line:match('^def upgrade') then
    at = number
  end
end
vim.api.nvim_buf_set_lines(0, at, at, false, { '    op.execute("INSERT INTO gone VALUES (1)")' })
vim.cmd('silent write')
vim.cmd('RevlineUpgrade ' .. TARGET)
local failed = hears('the failure')
editor.contains('the failure', failed, 'failed in upgrade ' .. BEFORE .. ' -> ' .. TARGET)
editor.contains('the failure', failed, 'it stands at ' .. BEFORE)
local diagnostic = editor.wait('the diagnostic', function()
  return editor.found('failed-migration', 0)[1]
end)
editor.equal('it is at the statement', at, diagnostic.lnum)
editor.contains('the diagnostic', diagnostic.message, 'gone')
vim.api.nvim_buf_set_lines(0, at, at + 1, false, {})
vim.cmd('silent write')
editor.wait('no diagnostic', function()
  return #editor.found('failed-migration', 0) == 0
end)
