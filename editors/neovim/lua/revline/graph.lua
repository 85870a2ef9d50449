--- A buffer with the drawn revision graph, kept in step with what is typed.
---
--- The server lays it out and draws it (`revline/graph`); here it is coloured, folded and given keys.

local client = require('revline.client')

local M = {}

---@class revline.GraphRow
---@field id string
---@field title string
---@field uri string?
---@field roles string[]
---@field problems { severity: string, rule: string, message: string }[]

---@class revline.Graph
---@field environment string
---@field environments string[]
---@field rows revline.GraphRow[]
---@field lines { lanes: string, label: string, row: integer? }[]
---@field runs integer[][]

local space = vim.api.nvim_create_namespace('revline.graph')

--- By buffer: what is shown, and the identifiers that are marked.
---@type table<integer, { graph: revline.Graph, marked: table<string, true> }>
local shown = {}

local HELP = {
  '<CR> open   s SQL   x mark   m merge   r re-parent   n new revision after   y copy the identifier',
  'u upgrade the database to here   d downgrade it to here',
  ']h [h next or previous head   za fold or unfold a chain   zM zR all of them   R read again   q close',
}

local SEVERITY = { error = 'DiagnosticError', warning = 'DiagnosticWarn', info = 'DiagnosticInfo', hint = 'DiagnosticHint' }

---@param bufnr integer
---@param line integer from 1
---@return revline.GraphRow?
local function row_of(bufnr, line)
  local graph = shown[bufnr].graph
  -- A line between two revisions belongs to the one above.
  for at = line, 1, -1 do
    local drawn = graph.lines[at]
    if drawn and drawn.row and drawn.row ~= vim.NIL then
      return graph.rows[drawn.row + 1]
    end
  end
end

---@return revline.GraphRow?
local function here()
  return row_of(vim.api.nvim_get_current_buf(), vim.api.nvim_win_get_cursor(0)[1])
end

---@param bufnr integer
local function colour(bufnr)
  vim.api.nvim_buf_clear_namespace(bufnr, space, 0, -1)
  local state = shown[bufnr]
  for at, drawn in ipairs(state.graph.lines) do
    local row = drawn.row ~= vim.NIL and drawn.row and state.graph.rows[drawn.row + 1]
    local function mark(from, to, group)
      vim.api.nvim_buf_set_extmark(bufnr, space, at - 1, from, { end_col = to, hl_group = group })
    end
    mark(0, #drawn.lanes, 'Special')
    if row then
      local text = vim.api.nvim_buf_get_lines(bufnr, at - 1, at, false)[1]
      local start = #text - #drawn.label
      mark(start, start + #row.id, 'Identifier')
      local worst = row.problems[1]
      local from = worst and text:find('  ! ' .. worst.severity, 1, true)
      if from then
        mark(from + 1, #text, SEVERITY[worst.severity])
      end
      local roles = text:find('  %b()', start + #row.id)
      if roles then
        mark(roles + 1, from and from - 1 or #text, 'Type')
      end
      if state.marked[row.id] then
        vim.api.nvim_buf_set_extmark(bufnr, space, at - 1, 0, { line_hl_group = 'Visual' })
      end
    end
  end
end

--- The line of each row, counted from 0 as the server counts.
---@param graph revline.Graph
---@return table<integer, integer>
local function lines_of(graph)
  local found = {}
  for at, drawn in ipairs(graph.lines) do
    if drawn.row ~= vim.NIL and drawn.row then
      found[drawn.row] = at
    end
  end
  return found
end

--- Folds for the stretches that the server found, closed where they were.
---@param window integer
---@param graph revline.Graph
---@param line_of table<integer, integer>
---@param closed table<string, true>
local function fold(window, graph, line_of, closed)
  vim.api.nvim_win_call(window, function()
    vim.cmd('silent! normal! zE')
    for _, run in ipairs(graph.runs) do
      local first, last = line_of[run[1]], line_of[run[2]]
      if first and last and last > first then
        vim.cmd(('%d,%dfold'):format(first, last))
        if not closed[graph.rows[run[1] + 1].id] then
          vim.cmd(('silent! %dfoldopen'):format(first))
        end
      end
    end
  end)
end

---@param bufnr integer
---@param graph revline.Graph
local function draw(bufnr, graph)
  local state = shown[bufnr] or { marked = {} }
  local before = state.graph
  local windows = vim.fn.win_findbuf(bufnr)
  local closed, at = {}, {} ---@type table<string, true>, table<integer, string>
  local line_before = before and lines_of(before) or {}
  for _, window in ipairs(before and windows or {}) do
    local row = row_of(bufnr, vim.api.nvim_win_get_cursor(window)[1])
    at[window] = row and row.id
    vim.api.nvim_win_call(window, function()
      for _, run in ipairs(before.runs) do
        local line = line_before[run[1]]
        if line and vim.fn.foldclosed(line) > 0 then
          closed[before.rows[run[1] + 1].id] = true
        end
      end
    end)
  end
  local widest = 0
  for _, drawn in ipairs(graph.lines) do
    widest = math.max(widest, vim.fn.strdisplaywidth(drawn.lanes))
  end
  local lines = vim.tbl_map(function(drawn)
    if drawn.label == '' then
      return drawn.lanes
    end
    return drawn.lanes .. (' '):rep(widest - vim.fn.strdisplaywidth(drawn.lanes) + 2) .. drawn.label
  end, graph.lines)
  state.graph = graph
  shown[bufnr] = state
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].modified = false
  colour(bufnr)
  local line_of = lines_of(graph)
  for _, window in ipairs(windows) do
    fold(window, graph, line_of, closed)
    for line, drawn in ipairs(graph.lines) do
      if drawn.row ~= vim.NIL and drawn.row and at[window] == graph.rows[drawn.row + 1].id then
        vim.api.nvim_win_set_cursor(window, { line, 0 })
        break
      end
    end
  end
end

---@param bufnr integer
local function read(bufnr)
  local state = shown[bufnr]
  local params = { drawing = true, environment = state and state.graph.environment or vim.b[bufnr].revline_environment }
  client.ask('revline/graph', params, function(graph)
    if vim.api.nvim_buf_is_valid(bufnr) and type(graph) == 'table' and graph.lines then
      draw(bufnr, graph)
    end
  end)
end

--- Asks for a revision by its row.
---@param rows revline.GraphRow[]
---@param prompt string
---@param on_id fun(id: string)
local function pick(rows, prompt, on_id)
  vim.ui.select(rows, {
    prompt = prompt,
    format_item = function(row)
      return row.id .. '  ' .. row.title
    end,
  }, function(row)
    if row then
      on_id(row.id)
    end
  end)
end

---@param id string
---@param only_heads boolean
---@return revline.GraphRow[]
local function others(id, only_heads)
  local graph = shown[vim.api.nvim_get_current_buf()].graph
  return vim.tbl_filter(function(row)
    return row.id ~= id and (not only_heads or vim.list_contains(row.roles, 'head'))
  end, graph.rows)
end

---@return string[] marked identifiers in the order of the graph
local function marked()
  local state = shown[vim.api.nvim_get_current_buf()]
  local ids = {}
  for _, row in ipairs(state.graph.rows) do
    if state.marked[row.id] then
      table.insert(ids, row.id)
    end
  end
  return ids
end

--- Leaves the graph for the window beside it: there files are shown, also those that the server asks to show.
---@param bufnr integer
local function go_beside(bufnr)
  vim.cmd('wincmd p')
  if vim.api.nvim_get_current_buf() == bufnr then
    vim.cmd('aboveleft vsplit')
  end
end

--- Runs a command of the server for the revision under the cursor and shows the file that it made or changed.
---@param name string
---@param argument table
local function run(name, argument)
  local bufnr = vim.api.nvim_get_current_buf()
  argument.environment = shown[bufnr].graph.environment
  shown[bufnr].marked = {}
  go_beside(bufnr)
  client.command(name, argument, client.show)
end

local acts = {}

function acts.open()
  local row = here()
  if row and type(row.uri) == 'string' then
    go_beside(vim.api.nvim_get_current_buf())
    vim.cmd.edit({ args = { vim.uri_to_fname(row.uri) }, magic = { file = false } })
  end
end

function acts.sql()
  local row = here()
  if row then
    run('revline.showSql', { range = row.id })
  end
end

function acts.mark()
  local row = here()
  local bufnr = vim.api.nvim_get_current_buf()
  if row then
    shown[bufnr].marked[row.id] = not shown[bufnr].marked[row.id] or nil
    colour(bufnr)
  end
end

function acts.merge()
  local ids, row = marked(), here()
  if #ids > 1 then
    return run('revline.merge', { revisions = ids })
  end
  if row then
    pick(others(row.id, true), 'Merge ' .. row.id .. ' with which head?', function(id)
      run('revline.merge', { revisions = { row.id, id } })
    end)
  end
end

function acts.reparent()
  local row = here()
  if not row then
    return
  end
  local onto = vim.tbl_filter(function(id)
    return id ~= row.id
  end, marked())
  if #onto == 1 then
    return run('revline.reparent', { revision = row.id, onto = onto[1] })
  end
  pick(others(row.id, false), 'Put ' .. row.id .. ' onto which revision?', function(id)
    run('revline.reparent', { revision = row.id, onto = id })
  end)
end

function acts.new()
  local row = here()
  if row then
    vim.ui.input({ prompt = 'New revision after ' .. row.id .. ': ' }, function(message)
      if message and message ~= '' then
        run('revline.newRevision', { head = row.id, message = message })
      end
    end)
  end
end

--- The server shows the plan, asks, and tells what came of it.
---@param command string
local function migrate(command)
  local row = here()
  if row then
    local environment = shown[vim.api.nvim_get_current_buf()].graph.environment
    client.command(command, { environment = environment, target = row.id }, function() end)
  end
end

function acts.copy()
  local row = here()
  if row then
    vim.fn.setreg('"', row.id)
    client.say('copied ' .. row.id)
  end
end

---@param step integer
local function head(step)
  local bufnr = vim.api.nvim_get_current_buf()
  local graph = shown[bufnr].graph
  local line = vim.api.nvim_win_get_cursor(0)[1] + step
  while graph.lines[line] do
    local drawn = graph.lines[line]
    if drawn.row ~= vim.NIL and drawn.row and vim.list_contains(graph.rows[drawn.row + 1].roles, 'head') then
      return vim.api.nvim_win_set_cursor(0, { line, 0 })
    end
    line = line + step
  end
end

---@param bufnr integer
local function keys(bufnr)
  local map = {
    ['<CR>'] = acts.open,
    s = acts.sql,
    x = acts.mark,
    m = acts.merge,
    r = acts.reparent,
    n = acts.new,
    y = acts.copy,
    u = function()
      migrate('revline.upgrade')
    end,
    d = function()
      migrate('revline.downgrade')
    end,
    [']h'] = function()
      head(1)
    end,
    ['[h'] = function()
      head(-1)
    end,
    R = function()
      read(bufnr)
    end,
    q = '<cmd>close<cr>',
    ['g?'] = function()
      vim.api.nvim_echo({ { table.concat(HELP, '\n') } }, false, {})
    end,
  }
  for lhs, rhs in pairs(map) do
    vim.keymap.set('n', lhs, rhs, { buffer = bufnr, nowait = true, desc = 'Revline graph' })
  end
end

--- The line that stands for a folded chain.
---@return string
function M.fold_text()
  return ('  ⋮  %d revisions'):format(vim.v.foldend - vim.v.foldstart + 1)
end

--- Opens the graph of an environment; without a name, of the one that the buffer's file belongs to.
---@param environment string?
function M.open(environment)
  local params = { drawing = true }
  if environment and environment ~= '' then
    params.environment = environment
  else
    params.uri = vim.uri_from_bufnr(0)
  end
  client.ask('revline/graph', params, function(graph)
    local name = 'revline-graph://' .. graph.environment
    local bufnr = vim.fn.bufnr('^' .. vim.fn.escape(name, '[]*?\\') .. '$')
    if bufnr < 0 then
      bufnr = vim.api.nvim_create_buf(true, true)
      vim.api.nvim_buf_set_name(bufnr, name)
      vim.bo[bufnr].filetype = 'revline-graph'
      keys(bufnr)
      vim.api.nvim_create_autocmd('BufWipeout', {
        buffer = bufnr,
        callback = function()
          shown[bufnr] = nil
        end,
      })
    end
    vim.cmd('botright vsplit')
    vim.api.nvim_win_set_buf(0, bufnr)
    vim.wo[0][0].wrap = false
    vim.wo[0][0].number = false
    vim.wo[0][0].relativenumber = false
    vim.wo[0][0].signcolumn = 'no'
    vim.wo[0][0].cursorline = true
    vim.wo[0][0].foldmethod = 'manual'
    vim.wo[0][0].foldtext = "v:lua.require'revline.graph'.fold_text()"
    draw(bufnr, graph)
  end)
end

--- Reads every graph that is in view again.
function M.renew()
  for bufnr in pairs(shown) do
    if vim.api.nvim_buf_is_valid(bufnr) and #vim.fn.win_findbuf(bufnr) > 0 then
      read(bufnr)
    end
  end
end

return M
