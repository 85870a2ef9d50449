--- What the user commands do: ask what has to be asked, and hand the rest to the server.

local client = require('revline.client')

local M = {}

---@class revline.Head
---@field revision string
---@field title string
---@field uri string
---@field shared boolean|userdata|nil whether the default branch has it; null where none is known

---@class revline.Environment
---@field branch string|userdata|nil the git branch that everybody shares, where it is known
---@field name string
---@field path string
---@field heads revline.Head[]

---@param on_environments fun(environments: revline.Environment[])
local function environments(on_environments)
  client.command('revline.heads', nil, function(answer)
    on_environments(answer and answer.environments or {})
  end)
end

---@param head revline.Head
local function head_line(head)
  return head.revision .. '  ' .. head.title
end

--- The environment that the buffer's file belongs to; the only one; else the one that is picked.
---@param on_environment fun(environment: revline.Environment)
local function environment(on_environment)
  local file = vim.api.nvim_buf_get_name(0)
  environments(function(all)
    if #all == 0 then
      return client.say('no migration environment was found here', vim.log.levels.WARN)
    end
    local around = vim.tbl_filter(function(one)
      return vim.fs.relpath(one.path, file) ~= nil
    end, all)
    local candidates = #around > 0 and around or all
    if #candidates == 1 then
      return on_environment(candidates[1])
    end
    vim.ui.select(candidates, {
      prompt = 'Which environment?',
      format_item = function(one)
        return one.name .. '  ' .. one.path
      end,
    }, function(one)
      if one then
        on_environment(one)
      end
    end)
  end)
end

--- Picks one head; does not ask where there is one only.
---@param heads revline.Head[]
---@param prompt string
---@param branch string|userdata|nil
---@param on_head fun(head: revline.Head)
local function pick(heads, prompt, branch, on_head)
  if #heads == 1 then
    return on_head(heads[1])
  end
  -- Those that the default branch does not have stand first: they are the person's own.
  local own, shared = {}, {}
  for _, head in ipairs(heads) do
    table.insert(head.shared == true and shared or own, head)
  end
  local function line(head)
    local on = head.shared == true and type(branch) == 'string' and '  (on ' .. branch .. ')' or ''
    return head_line(head) .. on
  end
  vim.ui.select(vim.list_extend(own, shared), { prompt = prompt, format_item = line }, function(head)
    if head then
      on_head(head)
    end
  end)
end

function M.merge()
  environment(function(one)
    if #one.heads < 2 then
      return client.say(one.name .. ' has one head; there is nothing to merge')
    end
    local revisions = vim.tbl_map(function(head)
      return head.revision
    end, one.heads)
    client.command('revline.merge', { environment = one.name, revisions = revisions }, client.show)
  end)
end

function M.reparent()
  local here = vim.uri_from_bufnr(0)
  environment(function(one)
    if #one.heads < 2 then
      return client.say(one.name .. ' has one head; there is no other side')
    end
    local function move(moved)
      local others = vim.tbl_filter(function(head)
        return head.revision ~= moved.revision
      end, one.heads)
      pick(others, 'Put ' .. moved.revision .. ' onto which head?', one.branch, function(onto)
        local argument = { environment = one.name, revision = moved.revision, onto = onto.revision }
        client.command('revline.reparent', argument, client.show)
      end)
    end
    for _, head in ipairs(one.heads) do
      if head.uri == here then
        return move(head)
      end
    end
    pick(one.heads, 'Which side moves?', one.branch, move)
  end)
end

---@param message string
function M.new(message)
  environment(function(one)
    local function create(head)
      local argument = { environment = one.name, message = message, head = head and head.revision }
      client.command('revline.newRevision', argument, client.show)
    end
    if #one.heads == 0 then
      return create()
    end
    pick(one.heads, 'After which head?', one.branch, create)
  end)
end

--- One of the databases that the settings of the environment name.
function M.choose_database()
  environment(function(one)
    client.command('revline.databases', { environment = one.name }, function(answer)
      local databases = answer.databases
      if #databases < 2 then
        return client.say('the settings of ' .. one.name .. ' name one database; more are named below [database.NAME]')
      end
      vim.ui.select(databases, {
        prompt = 'Which database?',
        format_item = function(database)
          local name = type(database.name) == 'string' and database.name or 'the main one'
          return database.chosen and name .. ' (chosen)' or name
        end,
      }, function(database)
        if database then
          local name = type(database.name) == 'string' and database.name or nil
          client.command('revline.useDatabase', { environment = one.name, name = name }, function() end)
        end
      end)
    end)
  end)
end

--- From now on this is the git branch that everybody shares; picked where none is named. The server is told as by
--- `vim.lsp.config`, where it can be written for good: `settings = { revline = { ['default-branch'] = 'origin/main' } }`.
---@param name string
function M.choose_branch(name)
  local function use(branch)
    local running = client.find()
    if not running then
      return
    end
    local settings = vim.tbl_deep_extend('force', running.settings or {}, { revline = { ['default-branch'] = branch } })
    running.settings = settings
    running:notify('workspace/didChangeConfiguration', { settings = settings })
  end
  if name ~= '' then
    return use(name)
  end
  environment(function(one)
    client.command('revline.branches', { environment = one.name }, function(answer)
      if #answer.branches == 0 then
        return client.say(one.name .. ' lies in no git repository with a branch')
      end
      vim.ui.select(answer.branches, {
        prompt = 'Which branch does everybody share?',
        format_item = function(branch)
          return branch.chosen and branch.name .. ' (chosen)' or branch.name
        end,
      }, function(branch)
        if branch then
          use(branch.name)
        end
      end)
    end)
  end)
end

--- Every head of every environment, in the quickfix list.
function M.heads()
  environments(function(all)
    local items = {}
    for _, one in ipairs(all) do
      for _, head in ipairs(one.heads) do
        local text = head_line(head) .. (#all > 1 and ('  (' .. one.name .. ')') or '')
        table.insert(items, { filename = vim.uri_to_fname(head.uri), lnum = 1, text = text })
      end
    end
    vim.fn.setqflist({}, ' ', { title = 'Heads', items = items })
    vim.cmd.copen()
  end)
end

--- Opens the SQL of a revision or a range beside this window; without a range, of this buffer's revision.
---@param range string
---@param downgrade boolean
function M.sql(range, downgrade)
  local argument = {
    uri = vim.uri_from_bufnr(0),
    range = range ~= '' and range or nil,
    direction = downgrade and 'downgrade' or 'upgrade',
  }
  client.command('revline.showSql', argument, function() end)
end

--- The documents that are open and can change: those with SQL.
---@return table<string, integer>
local function sql_buffers()
  local found = {}
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.api.nvim_buf_get_name(bufnr)
    if vim.api.nvim_buf_is_loaded(bufnr) and vim.startswith(name, 'revline:/sql/') then
      found[name] = bufnr
    end
  end
  return found
end

--- Reads a document again whose text has changed.
---@param uri string
function M.renew_document(uri)
  local bufnr = sql_buffers()[uri]
  if bufnr then
    M.read_document(bufnr)
  end
end

--- Opens the page of a rule; without a name, of the rule that was found on this line.
---@param rule string
function M.explain(rule)
  if rule == '' then
    local line = vim.api.nvim_win_get_cursor(0)[1] - 1
    for _, diagnostic in ipairs(vim.diagnostic.get(0, { lnum = line })) do
      if diagnostic.source == 'revline' and diagnostic.code then
        rule = tostring(diagnostic.code)
        break
      end
    end
  end
  if rule == '' then
    return client.say('name a rule: :RevlineExplain multiple-heads', vim.log.levels.WARN)
  end
  vim.cmd.split({ args = { 'revline:/rules/' .. rule .. '.md' }, magic = { file = false } })
end

--- The rules found so far, for completion.
---@return string[]
function M.rules_found()
  local names = {}
  for _, diagnostic in ipairs(vim.diagnostic.get()) do
    if diagnostic.source == 'revline' and diagnostic.code then
      names[tostring(diagnostic.code)] = true
    end
  end
  return vim.fn.sort(vim.tbl_keys(names))
end

--- Fills a buffer whose name is a `revline:` address with the server's document of that address.
---@param bufnr integer
function M.read_document(bufnr)
  local uri = vim.api.nvim_buf_get_name(bufnr)
  vim.bo[bufnr].buftype = 'nofile'
  vim.bo[bufnr].swapfile = false
  vim.bo[bufnr].modifiable = false
  client.ask('workspace/textDocumentContent', { uri = uri }, function(answer)
    if not vim.api.nvim_buf_is_valid(bufnr) or type(answer) ~= 'table' or type(answer.text) ~= 'string' then
      return
    end
    vim.bo[bufnr].modifiable = true
    vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, vim.split(answer.text:gsub('\n$', ''), '\n'))
    vim.bo[bufnr].modifiable = false
    vim.bo[bufnr].modified = false
    local filetype = vim.startswith(uri, 'revline:/sql/') and 'sql' or 'markdown'
    if vim.bo[bufnr].filetype ~= filetype then
      vim.bo[bufnr].filetype = filetype
    end
  end)
end

return M
