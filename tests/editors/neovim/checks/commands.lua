-- The user commands, one after the other, on one project: heads, explain, restart, new, re-parent, merge.
local editor = require('editor')
local project = require('project')

local said = {}
---@diagnostic disable-next-line: duplicate-set-field
vim.notify = function(message)
  table.insert(said, message)
end

local heads = project.heads()
local _, client = editor.open(heads[1].file)
editor.wait('the graph', function()
  return #editor.found('multiple-heads') > 0
end)

-- :RevlineHeads
vim.cmd('RevlineHeads')
local list = editor.wait('the quickfix list', function()
  local items = vim.fn.getqflist()
  return #items > 0 and items
end)
local listed = {}
for _, item in ipairs(list) do
  listed[vim.api.nvim_buf_get_name(item.bufnr)] = item.text
end
editor.equal('as many entries as heads', #heads, #list)
for _, head in ipairs(heads) do
  editor.contains('the entry of a head', listed[head.file] or '', head.id)
  editor.contains('the entry of a head', listed[head.file], head.title)
end
vim.cmd('cclose')

-- :RevlineExplain, with a name and without
for _, argument in ipairs({ ' multiple-heads', '' }) do
  editor.open(heads[1].file)
  local diagnostic = editor.wait('the diagnostic', function()
    return editor.found('multiple-heads', 0)[1]
  end)
  vim.api.nvim_win_set_cursor(0, { diagnostic.lnum + 1, diagnostic.col })
  vim.cmd('RevlineExplain' .. argument)
  local page = editor.wait('the page', function()
    local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    return vim.bo.filetype == 'markdown' and text
  end)
  editor.contains('the page', page, 'What it does')
  editor.equal('the page cannot be changed', false, vim.bo.modifiable)
  vim.cmd('bwipeout')
end

-- :RevlineRestart
vim.cmd('RevlineRestart')
editor.wait('another server', function()
  local now = vim.lsp.get_clients({ name = 'revline', bufnr = 0 })[1]
  return client:is_stopped() and now and now.id ~= client.id and now.initialized
end)
editor.wait('its diagnostics', function()
  return #editor.found('multiple-heads', 0) > 0
end)

--- Runs a command and gives the revisions on disk that are new or changed after it.
local function effect(command, expected)
  local before = project.revisions()
  local count = #said
  vim.cmd(command)
  local changed = editor.wait(command .. ' changes a file', function()
    vim.cmd('silent! wall')
    local ok, after = pcall(project.revisions)
    local changed = {}
    for id, revision in pairs(ok and after or {}) do
      if not before[id] or before[id].text ~= revision.text then
        table.insert(changed, revision)
      end
    end
    return #changed > 0 and #said > count and changed
  end)
  editor.equal(command .. ': files changed', expected, #changed)
  return changed[1]
end

-- :RevlineNew asks which head, since there are two.
local prompts = editor.answer_selects(heads[2].id)
local fresh = effect('RevlineNew add a wish list', 1)
editor.equal('asked once', 1, #prompts)
editor.equal('it follows the chosen head', { heads[2].id }, fresh.parents)
editor.equal('its title is the message', 'add a wish list', fresh.title)
editor.equal('it is shown', fresh.file, vim.api.nvim_buf_get_name(0))

-- :RevlineReparent puts the side of the open file onto the other head: what forked hangs in one chain.
editor.open(heads[1].file)
effect('RevlineReparent', 1)
local chain = project.heads()
editor.equal('one head is left', 1, #chain)
editor.wait('no two heads any more', function()
  return #editor.found('multiple-heads') == 0
end)
local count = #said
vim.cmd('RevlineMerge')
editor.wait('the word that there is nothing to merge', function()
  return #said > count and said[#said]:find('one head', 1, true)
end)
