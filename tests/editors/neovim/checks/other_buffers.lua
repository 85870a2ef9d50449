-- A change in one buffer changes what is found in another open one, which nobody touches.
-- (Neovim 0.11 asks for diagnostics of the buffer that changed only, and cannot be told to ask again.)
local editor = require('editor')
local project = require('project')

local child, parent = project.middle()
local other = editor.open(child.file)
local bufnr = editor.open(parent.file)
local number, line
for index, text in ipairs(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)) do
  if text:match('^revision') then
    number, line = index, text
  end
end
local changed = line:gsub(vim.pesc(parent.id), 'abcabcabcabc')
vim.api.nvim_buf_set_lines(bufnr, number - 1, number, false, { changed })
local found = editor.wait('the missing parent in the other buffer', function()
  return editor.found('missing-parent', other)[1]
end)
editor.contains('it names the parent', found.message, parent.id)
vim.api.nvim_buf_set_lines(bufnr, number - 1, number, false, { line })
editor.wait('its end', function()
  return #editor.found('missing-parent', other) == 0
end)
