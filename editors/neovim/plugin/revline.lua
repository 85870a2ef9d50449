-- Commands, the pages of the rules, and what happens when the server is attached to a buffer.
-- Loading this starts nothing: `vim.lsp.enable('revline')` does.

if vim.g.loaded_revline or vim.fn.has('nvim-0.11') == 0 then
  return
end
vim.g.loaded_revline = true

local create = vim.api.nvim_create_user_command

create('RevlineMerge', function()
  require('revline.commands').merge()
end, { desc = 'Write the revision that merges the heads' })

create('RevlineReparent', function()
  require('revline.commands').reparent()
end, { desc = 'Put this side onto the other head' })

create('RevlineNew', function(args)
  require('revline.commands').new(args.args)
end, { nargs = '+', desc = 'Write a new revision with this message' })

create('RevlineHeads', function()
  require('revline.commands').heads()
end, { desc = 'The heads, in the quickfix list' })

create('RevlineSql', function(args)
  require('revline.commands').sql(args.args, args.bang)
end, { nargs = '?', bang = true, desc = 'The SQL of this revision or of a range; with ! of the way back' })

-- The server shows the plan, asks and tells what came of it.
for name, entry in pairs({
  Upgrade = { 'revline.upgrade', 'Upgrade the database to a target of Alembic; to the heads unless given' },
  Downgrade = { 'revline.downgrade', 'Downgrade the database to a target of Alembic; by one unless given' },
  Stamp = { 'revline.stamp', 'Write a revision into the version table of the database and run nothing' },
  Status = { 'revline.status', 'Where the database stands' },
  Connect = { 'revline.connect', 'Agree to the database that was discovered' },
}) do
  create('Revline' .. name, function(args)
    local target = args.args ~= '' and args.args or nil
    require('revline.client').command(entry[1], { uri = vim.uri_from_bufnr(0), target = target }, function() end)
  end, { nargs = '?', desc = entry[2] })
end

create('RevlineCheck', function()
  require('revline.client').command('revline.check', { uri = vim.uri_from_bufnr(0) }, function() end)
end, { desc = 'Compare the models with the database; what differs becomes diagnostics at the models' })

create('RevlineAutogenerate', function(args)
  local message = args.args ~= '' and args.args or nil
  local argument = { uri = vim.uri_from_bufnr(0), message = message }
  require('revline.client').command('revline.autogenerate', argument, function() end)
end, { nargs = '*', desc = 'Write the revision that the models ask for' })

create('RevlineDatabase', function()
  require('revline.commands').choose_database()
end, { desc = 'Choose one of the databases that the settings name' })

create('RevlineBranch', function(args)
  require('revline.commands').choose_branch(args.args)
end, { nargs = '?', desc = 'Choose the git branch that everybody shares' })

create('RevlineExplain', function(args)
  require('revline.commands').explain(args.args)
end, {
  nargs = '?',
  complete = function(typed)
    return vim.tbl_filter(function(name)
      return vim.startswith(name, typed)
    end, require('revline.commands').rules_found())
  end,
  desc = 'The page of a rule; without a name, of the one found on this line',
})

create('RevlineRestart', function()
  require('revline.client').restart()
end, { desc = 'Stop the server and start it again' })

create('RevlineGraph', function(args)
  require('revline.graph').open(args.args)
end, { nargs = '?', desc = 'The revision graph, drawn; of an environment where several are there' })

--- `:Revline graph` and the like: each subcommand is one of the commands above.
local subcommands = {
  merge = 'RevlineMerge',
  reparent = 'RevlineReparent',
  new = 'RevlineNew',
  heads = 'RevlineHeads',
  graph = 'RevlineGraph',
  sql = 'RevlineSql',
  explain = 'RevlineExplain',
  restart = 'RevlineRestart',
  upgrade = 'RevlineUpgrade',
  downgrade = 'RevlineDowngrade',
  stamp = 'RevlineStamp',
  status = 'RevlineStatus',
  connect = 'RevlineConnect',
  database = 'RevlineDatabase',
  branch = 'RevlineBranch',
  check = 'RevlineCheck',
  autogenerate = 'RevlineAutogenerate',
}

create('Revline', function(args)
  local name = subcommands[args.fargs[1]]
  if not name then
    return require('revline.client').say('there is no subcommand ' .. args.fargs[1], vim.log.levels.ERROR)
  end
  local rest = args.args:match('^%S+%s+(.*)$') or ''
  vim.cmd({ cmd = name, args = rest ~= '' and { rest } or {}, bang = args.bang, magic = { file = false } })
end, {
  nargs = '+',
  bang = true,
  complete = function(typed, line)
    if #vim.split(line, '%s+') > 2 then
      return {}
    end
    local names = vim.tbl_filter(function(name)
      return vim.startswith(name, typed)
    end, vim.tbl_keys(subcommands))
    table.sort(names)
    return names
  end,
  desc = 'Migrations: graph, merge, reparent, new, heads, sql, explain, restart',
})

-- A command behind a code action or a lens: run by the server, its answer shown as for the user commands.
for _, name in ipairs({ 'revline.merge', 'revline.reparent', 'revline.newRevision' }) do
  vim.lsp.commands[name] = function(command)
    local client = require('revline.client')
    client.command(name, (command.arguments or {})[1], client.show)
  end
end

-- The lens «SQL»: the server asks for the document to be shown.
vim.lsp.commands['revline.showSql'] = function(command)
  require('revline.client').command('revline.showSql', (command.arguments or {})[1], function() end)
end

-- The server says which of its documents read otherwise by now.
vim.lsp.handlers['workspace/textDocumentContent/refresh'] = function(_, params)
  vim.schedule(function()
    require('revline.commands').renew_document(params.uri)
  end)
  return vim.NIL
end

vim.lsp.handlers['revline/graphChanged'] = function()
  vim.schedule(function()
    require('revline.graph').renew()
  end)
end

vim.lsp.handlers['revline/status'] = function(_, params)
  require('revline.status').take(params)
end

local group = vim.api.nvim_create_augroup('revline', { clear = true })

vim.api.nvim_create_autocmd('BufReadCmd', {
  group = group,
  pattern = { 'revline:/*', 'revline://*' },
  callback = function(args)
    require('revline.commands').read_document(args.buf)
  end,
})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  callback = function(args)
    local client = vim.lsp.get_client_by_id(args.data.client_id)
    if not client or client.name ~= 'revline' then
      return
    end
    if vim.g.revline_codelens ~= false and client:supports_method('textDocument/codeLens', args.buf) then
      require('revline.lens').attach(args.buf)
    end
    require('revline.place').ask(args.buf)
    if client.root_dir and #vim.api.nvim_list_uis() > 0 then
      vim.schedule(function()
        require('revline.trust').ask(client.root_dir, require('revline.client').restart)
      end)
    end
  end,
})
