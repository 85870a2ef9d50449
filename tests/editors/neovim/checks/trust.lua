-- Trust: asked once for each folder, remembered, told to the server; a variable decides without asking.
local editor = require('editor')
local project = require('project')
local trust = require('revline.trust')

local function told(folder)
  local params = {}
  vim.lsp.config.revline.before_init(params, { root_dir = folder, settings = { revline = { targets = { 'sqlite' } } } })
  return params.initializationOptions
end

local mine, other = project.folder, vim.env.REVLINE_ROOM
local untrusted = { trusted = false, documents = true, graph = true, status = true, settings = { targets = { 'sqlite' } } }
editor.equal('not asked: not trusted', untrusted, told(mine))

local prompts = editor.answer_selects('Trust it')
local restarted = 0
trust.ask(mine, function()
  restarted = restarted + 1
end)
editor.equal('asked, and yes means a new start', { 1, 1 }, { #prompts, restarted })
editor.contains('the question names the folder', prompts[1], mine)
trust.ask(mine, error)
editor.equal('not asked twice', 1, #prompts)
editor.equal('told', true, told(mine).trusted)
editor.equal('not for another folder', false, told(other).trusted)

local no = editor.answer_selects('Do not')
trust.ask(other, error)
editor.equal('asked', 1, #no)
editor.equal('no is remembered too', false, trust.answer(other))
editor.equal('both stand in the file', { [mine] = true, [other] = false }, vim.json.decode(project.read(trust.file())))

local dismissed = editor.answer_selects('neither')
trust.ask(other .. '/config', error)
trust.ask(other .. '/config', error)
editor.equal('a question closed without an answer is not repeated at once', 1, #dismissed)
editor.equal('and nothing is remembered', nil, trust.answer(other .. '/config'))

trust.remember(other, nil)
editor.equal('forgotten', nil, trust.answer(other))

vim.g.revline_trusted = false
editor.equal('the variable wins', false, told(mine).trusted)
vim.g.revline_trusted = nil
vim.fn.writefile({ '{ broken' }, trust.file())
editor.equal('a broken file trusts nothing', false, told(mine).trusted)
