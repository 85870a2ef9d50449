--- `:checkhealth revline`

local M = {}

local health = vim.health

---@return string[]?
local function command()
  local config = vim.lsp.config.revline
  local cmd = config and config.cmd
  return type(cmd) == 'table' and cmd or nil
end

local function check_program()
  local cmd = command()
  if not cmd then
    return health.warn('the configuration `revline` starts the server by a function of its own')
  end
  local program = vim.fn.exepath(cmd[1])
  if program == '' then
    return health.error(('%s is not a program on PATH'):format(cmd[1]), {
      'install Revline, or name the program:',
      "vim.lsp.config('revline', { cmd = { '/path/to/revline', 'server' } })",
    })
  end
  local ok, run = pcall(function()
    return vim.system({ program, '--version' }, { text = true, timeout = 5000 }):wait()
  end)
  if ok and run.code == 0 then
    health.ok(('%s: %s'):format(program, vim.trim(run.stdout)))
  else
    health.error(('%s does not run: %s'):format(program, ok and vim.trim(run.stderr or '') or tostring(run)))
  end
end

---@param client vim.lsp.Client
local function check_client(client)
  local buffers = vim.tbl_count(client.attached_buffers)
  health.ok(('server %d at %s, %d buffers'):format(client.id, client.root_dir or '?', buffers))
  if client.root_dir then
    local answer = require('revline.trust').answer(client.root_dir)
    local word = answer == nil and 'not asked yet' or answer and 'trusted' or 'not trusted'
    health.info('  trust: ' .. (vim.g.revline_trusted ~= nil and 'decided by vim.g.revline_trusted' or word))
  end
  local answer = client:request_sync('workspace/executeCommand', { command = 'revline.heads', arguments = {} }, 3000)
  if not answer or answer.err then
    return health.warn('  it did not say which environments it found')
  end
  for _, environment in ipairs(answer.result.environments or {}) do
    local heads = vim.tbl_map(function(head)
      return head.revision
    end, environment.heads)
    health.info(('  %s (%s): %s'):format(environment.name, environment.path, table.concat(heads, ', ')))
  end
  if #(answer.result.environments or {}) == 0 then
    health.warn('  it found no migration environment', { '`revline doctor` in that folder says why' })
  end
end

function M.check()
  health.start('revline')
  if vim.fn.has('nvim-0.11') == 0 then
    return health.error('Neovim 0.11 or later is needed')
  end
  local version = vim.version()
  health.ok(('Neovim %d.%d.%d'):format(version.major, version.minor, version.patch))
  check_program()
  if not vim.lsp.is_enabled('revline') then
    health.warn('the configuration is not enabled', { "vim.lsp.enable('revline')" })
  end
  local clients = vim.lsp.get_clients({ name = 'revline' })
  if #clients == 0 then
    health.info('no server runs; open a Python file of a project with migrations')
  end
  vim.iter(clients):each(check_client)
  health.info('trust is remembered in ' .. require('revline.trust').file())
end

return M
