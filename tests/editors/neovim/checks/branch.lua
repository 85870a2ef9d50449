-- :RevlineBranch: of two heads the one that the chosen branch does not have is in error, and stands first where a head
-- is asked for.
local editor = require('editor')
local project = require('project')

local heads = project.heads()
local root = vim.uv.cwd()
local function git(...)
  local command = { 'git', '-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ... }
  local done = vim.system(command, { cwd = root, text = true }):wait()
  assert(done.code == 0, done.stderr)
end
git('init', '-q', '-b', 'main')
git('add', '.')
git('commit', '-q', '-m', 'all of it')
-- A branch for each head that lacks it; the files stay as they are.
for index, head in ipairs(heads) do
  local name = 'without-' .. index
  git('branch', name)
  git('symbolic-ref', 'HEAD', 'refs/heads/' .. name)
  git('rm', '-q', '--cached', head.file)
  git('commit', '-q', '-m', 'without it')
  git('symbolic-ref', 'HEAD', 'refs/heads/main')
  git('reset', '-q')
end

editor.open(heads[1].file)
local function in_error(head)
  for _, found in ipairs(editor.found('multiple-heads')) do
    if found.severity == vim.diagnostic.severity.ERROR then
      return vim.api.nvim_buf_get_name(found.bufnr) == head.file
    end
  end
  return false
end
for index, head in ipairs(heads) do
  -- By name, and picked among those that the server names.
  local prompts = editor.answer_selects('without-' .. index)
  vim.cmd(index == 1 and 'RevlineBranch without-1' or 'RevlineBranch')
  editor.wait('the error at ' .. head.id, function()
    return in_error(head)
  end)
  editor.equal('asked', index - 1, #prompts)
end

-- A new revision: the own head first, the other one with the branch that has it.
local lines
---@diagnostic disable-next-line: duplicate-set-field
vim.ui.select = function(items, options, on_choice)
  lines = vim.tbl_map(options.format_item, items)
  on_choice(nil, nil)
end
vim.cmd('RevlineNew add something')
editor.wait('the question', function()
  return lines
end)
editor.contains('the own head', lines[1], heads[2].id)
editor.contains('the shared head', lines[2], heads[1].id)
editor.contains('the shared head', lines[2], '(on without-2)')
