-- The buffer with the drawn graph: what it shows, its keys, and that it is kept in step with what is typed.
local editor = require('editor')
local project = require('project')

---@diagnostic disable-next-line: duplicate-set-field
vim.notify = function() end

local heads = project.heads()
editor.open(heads[1].file)
editor.wait('the graph', function()
  return #editor.found('multiple-heads') > 0
end)
editor.wait('the status', function()
  return require('revline.status').text() == '2 heads'
end)

local file_window = vim.api.nvim_get_current_win()
vim.cmd('Revline graph')
editor.wait('the buffer', function()
  return vim.bo.filetype == 'revline-graph'
end)
local bufnr = vim.api.nvim_get_current_buf()
local function lines()
  return vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)
end
local function line_of(text)
  for number, line in ipairs(lines()) do
    if line:find(text, 1, true) then
      return number, line
    end
  end
  error('no line with ' .. text .. ' in:\n' .. table.concat(lines(), '\n'))
end
local function press(text, keys)
  vim.api.nvim_set_current_win(vim.fn.win_findbuf(bufnr)[1])
  vim.api.nvim_win_set_cursor(0, { line_of(text), 0 })
  vim.api.nvim_feedkeys(vim.keycode(keys), 'xt', false)
end

-- Every revision stands on a line of its own, the heads marked so.
for id in pairs(project.revisions()) do
  line_of(id)
end
for _, head in ipairs(heads) do
  local _, line = line_of(head.id)
  editor.contains('a head', line, '(head')
  editor.contains('a head', line, '◉')
end

-- Enter opens the file beside the graph.
local child, parent = project.middle()
press(parent.id, '<CR>')
editor.equal('the file', parent.file, vim.api.nvim_buf_get_name(0))
editor.equal('the graph is still there', 1, #vim.fn.win_findbuf(bufnr))

-- A title that is typed stands in the graph before it is saved.
editor.open(child.file)
local title = child.title
editor.place(title)
vim.api.nvim_set_current_line((vim.api.nvim_get_current_line():gsub(vim.pesc(title), 'typed just now')))
editor.wait('the new title', function()
  return table.concat(lines(), '\n'):find('typed just now', 1, true)
end)
vim.cmd('silent undo')

-- Two heads that are marked are merged into one.
local before = project.revisions()
press(heads[1].id, 'x')
press(heads[2].id, 'xm')
local merge = editor.wait('the merge', function()
  vim.cmd('silent! wall')
  for id, revision in pairs(project.revisions()) do
    if not before[id] then
      return revision
    end
  end
end)
local ids = project.ids(heads)
table.sort(ids)
editor.equal('its parents', ids, merge.parents)
editor.wait('the merge in the graph', function()
  local ok, _, line = pcall(line_of, merge.id)
  return ok and line:find('head, merge', 1, true)
end)
assert(vim.api.nvim_win_is_valid(file_window))
