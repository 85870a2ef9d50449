-- :RevlineMerge writes the merge revision and shows it.
local editor = require('editor')
local project = require('project')

local heads = project.heads()
editor.open(heads[1].file)
vim.cmd('RevlineMerge')
local merge = editor.wait('one head', function()
  vim.cmd('silent! wall')
  local now = project.heads()
  return #now == 1 and now[1]
end)
editor.equal('its parents are both heads', project.ids(heads), merge.parents)
editor.wait('it is shown', function()
  return vim.api.nvim_buf_get_name(0) == merge.file
end)
