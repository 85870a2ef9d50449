-- Definition, references, completion, document symbols and code lenses of revision ids.
local editor = require('editor')
local project = require('project')

local child, parent = project.middle()
local bufnr, client = editor.open(child.file)

local function files(locations)
  local names = {}
  for _, location in ipairs(locations or {}) do
    names[vim.uri_to_fname(location.uri or location.targetUri)] = true
  end
  return names
end

--- The cursor goes to the parent's id in the header, not in the docstring.
local function place_in_header(id)
  local last = select(2, table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'):gsub('["\']' .. vim.pesc(id), '%0'))
  assert(last > 0, 'no quoted id')
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local column = line:match('^down_revision') and line:find(id, 1, true)
    if column then
      return vim.api.nvim_win_set_cursor(0, { number, column })
    end
  end
  error('no down_revision line with ' .. id)
end

place_in_header(parent.id)
local definition = editor.request(client, 'textDocument/definition')
local target = definition and (definition.uri and definition or definition[1])
assert(target, 'no definition')
editor.equal('the definition of the parent is its file', { [parent.file] = true }, files({ target }))

vim.lsp.buf.definition()
editor.wait('the jump to the parent', function()
  return vim.api.nvim_buf_get_name(0) == parent.file
end)
local line = vim.api.nvim_get_current_line()
assert(line:match('^revision'), 'the jump ends at the id, not at: ' .. line)

vim.api.nvim_set_current_buf(bufnr)
place_in_header(parent.id)
local references = files(editor.request(client, 'textDocument/references', { context = { includeDeclaration = true } }))
local expected = { [parent.file] = true }
for _, revision in pairs(project.revisions()) do
  if vim.list_contains(revision.parents, parent.id) then
    expected[revision.file] = true
  end
end
for file in pairs(expected) do
  assert(references[file], 'no reference in ' .. file)
end

-- Completion inside the quotes of down_revision offers the other revisions.
local column = vim.api.nvim_win_get_cursor(0)[2]
vim.api.nvim_win_set_cursor(0, { vim.api.nvim_win_get_cursor(0)[1], column - 1 })
local completion = editor.request(client, 'textDocument/completion', { context = { triggerKind = 1 } })
local labels = {}
for _, item in ipairs(completion and (completion.items or completion) or {}) do
  labels[item.label] = true
end
assert(labels[parent.id], 'the parent is not offered: ' .. vim.inspect(labels))

local names = {}
local function collect(symbols)
  for _, symbol in ipairs(symbols or {}) do
    table.insert(names, symbol.name)
    collect(symbol.children)
  end
end
collect(editor.request(client, 'textDocument/documentSymbol'))
local joined = table.concat(names, '\n')
editor.contains('symbols', joined, 'upgrade')
editor.contains('symbols', joined, 'downgrade')

local head = project.heads()[1]
local head_buffer = editor.open(head.file)
local lenses = editor.wait('the lenses drawn by the plugin', function()
  local lenses = vim.lsp.codelens.get(head_buffer)
  return #lenses > 0 and lenses
end)
local titles = vim.iter(lenses):map(function(lens)
  return lens.command and lens.command.title or ''
end):join('\n')
editor.contains('the lens of a head', titles:lower(), 'head')
