-- Two heads: an error on one side and an information on the other, each naming the other; and both are seen
-- while another file is open. Putting one side onto the other in the buffer makes both go, undoing brings both.
local editor = require('editor')
local project = require('project')

local heads = project.heads()
editor.equal('the project starts with two heads', 2, #heads)

local child = project.middle()
editor.open(child.file)
local both = editor.wait('diagnostics of files that are not open', function()
  local found = editor.found('multiple-heads')
  return #found == 2 and found
end)

local severities = {}
for _, diagnostic in ipairs(both) do
  severities[diagnostic.severity] = (severities[diagnostic.severity] or 0) + 1
end
editor.equal('one error, one information', { [vim.diagnostic.severity.ERROR] = 1, [vim.diagnostic.severity.INFO] = 1 }, severities)

for index, head in ipairs(heads) do
  local other = heads[3 - index]
  local bufnr = editor.open(head.file)
  local found = editor.wait('the diagnostic of the open head', function()
    local found = editor.found('multiple-heads', bufnr)
    return #found > 0 and found
  end)
  editor.equal('the diagnostic stands once', 1, #found)
  editor.contains('it names the other head', found[1].message, other.id)
end

-- As it is typed: nothing is saved.
local moved, onto = heads[1], heads[2]
local bufnr = editor.open(moved.file)
local header
for number, line in ipairs(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)) do
  if line:match('^down_revision') then
    header = { number = number, line = line }
  end
end
assert(header, 'no down_revision in ' .. moved.file)
local parent = moved.parents[1]
local changed = header.line:gsub(vim.pesc(parent), onto.id)
vim.api.nvim_buf_set_lines(bufnr, header.number - 1, header.number, false, { changed })
editor.wait('the heads are one', function()
  return #editor.found('multiple-heads') == 0
end)
vim.api.nvim_buf_set_lines(bufnr, header.number - 1, header.number, false, { header.line })
editor.wait('the heads are two again', function()
  return #editor.found('multiple-heads') == 2
end)

-- A parent that does not exist.
vim.api.nvim_buf_set_lines(bufnr, header.number - 1, header.number, false, { (header.line:gsub(vim.pesc(parent), 'nowhere')) })
editor.wait('the missing parent', function()
  return vim.iter(vim.diagnostic.get(bufnr)):any(function(diagnostic)
    return diagnostic.severity == vim.diagnostic.severity.ERROR and diagnostic.message:find('nowhere', 1, true) ~= nil
  end)
end)
