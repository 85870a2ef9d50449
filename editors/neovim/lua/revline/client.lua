--- The running client: found, asked, restarted.

local M = {}

---@param text string
---@param level integer?
function M.say(text, level)
  vim.notify('Revline: ' .. text, level or vim.log.levels.INFO)
end

--- The client of this buffer, else any that runs.
---@param bufnr integer?
---@return vim.lsp.Client?
function M.find(bufnr)
  return vim.lsp.get_clients({ name = 'revline', bufnr = bufnr or 0 })[1] or vim.lsp.get_clients({ name = 'revline' })[1]
end

--- Sends a request; `on_result` is called with its result. Errors are told to the person.
---@param method string
---@param params table
---@param on_result fun(result: any)
function M.ask(method, params, on_result)
  local client = M.find()
  if not client then
    return M.say('no server runs here; :checkhealth revline says more', vim.log.levels.WARN)
  end
  client:request(method, params, function(err, result)
    if err then
      return M.say(err.message, vim.log.levels.ERROR)
    end
    on_result(result)
  end)
end

---@param command string
---@param argument table?
---@param on_result fun(result: any)
function M.command(command, argument, on_result)
  M.ask('workspace/executeCommand', { command = command, arguments = { argument } }, on_result)
end

--- Shows what a command did: the sentence, and the file. Neovim keeps a file that an edit made as a modified
--- buffer, hence the reminder.
---@param outcome { uri: string?, message: string? }?
function M.show(outcome)
  if type(outcome) ~= 'table' then
    return
  end
  if type(outcome.uri) == 'string' then
    local bufnr = vim.uri_to_bufnr(outcome.uri)
    vim.bo[bufnr].buflisted = true
    vim.cmd.buffer(bufnr)
    if vim.bo[bufnr].filetype == '' then
      vim.cmd.filetype('detect')
    end
  end
  if type(outcome.message) == 'string' then
    local unwritten = vim.bo.modified and ' (:wall writes it)' or ''
    M.say(outcome.message .. unwritten)
  end
end

--- Stops every server and starts it again for the buffers it had. The start asks about trust anew.
---@param on_done fun()?
function M.restart(on_done)
  local clients = vim.lsp.get_clients({ name = 'revline' })
  local buffers = {} ---@type table<integer, true>
  for _, client in ipairs(clients) do
    for bufnr in pairs(client.attached_buffers) do
      buffers[bufnr] = true
    end
    client:stop()
  end
  local tries = 0
  local timer = assert(vim.uv.new_timer())
  timer:start(50, 50, function()
    tries = tries + 1
    vim.schedule(function()
      if timer:is_closing() then
        return
      end
      local left = vim.iter(clients):any(function(client)
        return not client:is_stopped()
      end)
      if left and tries < 60 then
        return
      end
      timer:close()
      if left then
        for _, client in ipairs(clients) do
          client:stop(true)
        end
      end
      buffers[vim.api.nvim_get_current_buf()] = true
      for bufnr in pairs(buffers) do
        if vim.api.nvim_buf_is_loaded(bufnr) then
          -- What `vim.lsp.enable` itself listens to.
          vim.api.nvim_exec_autocmds('FileType', { group = 'nvim.lsp.enable', buffer = bufnr, modeline = false })
        end
      end
      if on_done then
        on_done()
      end
    end)
  end)
end

return M
