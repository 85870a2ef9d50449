--- What the checks do with the editor: open, wait, ask, compare.

local M = {}

---@param what string
---@param condition fun(): any
---@param ms integer?
---@return any the first answer of `condition` that is neither nil nor false
function M.wait(what, condition, ms)
  local answer
  vim.wait(ms or 10000, function()
    answer = condition()
    return answer ~= nil and answer ~= false
  end, 20)
  if answer == nil or answer == false then
    error('waited in vain for: ' .. what, 2)
  end
  return answer
end

function M.equal(what, expected, actual)
  if not vim.deep_equal(expected, actual) then
    error(('%s\n  expected: %s\n  found:    %s'):format(what, vim.inspect(expected), vim.inspect(actual)), 2)
  end
end

function M.contains(what, text, part)
  if not text:find(part, 1, true) then
    error(('%s: no %q in:\n%s'):format(what, part, text), 2)
  end
end

--- Opens a file and waits for the server to be attached.
---@param file string
---@return integer bufnr
---@return vim.lsp.Client
function M.open(file)
  vim.cmd.edit({ args = { file }, magic = { file = false } })
  local bufnr = vim.api.nvim_get_current_buf()
  local client = M.wait('the server at ' .. file, function()
    local client = vim.lsp.get_clients({ name = 'revline', bufnr = bufnr })[1]
    return client and client.initialized and client
  end)
  return bufnr, client
end

--- Places the cursor on the `nth` occurrence of a text (the first by default).
---@param text string
---@param nth integer?
function M.place(text, nth)
  local left = nth or 1
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local from = 1
    while true do
      local column = line:find(text, from, true)
      if not column then
        break
      end
      left = left - 1
      if left == 0 then
        vim.api.nvim_win_set_cursor(0, { number, column - 1 })
        return
      end
      from = column + 1
    end
  end
  error(('no occurrence %d of %q in %s'):format(nth or 1, text, vim.api.nvim_buf_get_name(0)), 2)
end

--- One request for the cursor's place, answered.
---@param client vim.lsp.Client
---@param method string
---@param more table?
function M.request(client, method, more)
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local answer, err = client:request_sync(method, vim.tbl_extend('force', params, more or {}), 10000, 0)
  if not answer or answer.err then
    error(('%s: %s'):format(method, err or vim.inspect(answer.err)), 2)
  end
  return answer.result
end

---@param client vim.lsp.Client
---@return string
function M.hover(client)
  local hover = M.request(client, 'textDocument/hover')
  return hover and table.concat(vim.lsp.util.convert_input_to_markdown_lines(hover.contents), '\n') or ''
end

--- The diagnostics of a rule, of one buffer or of all.
---@param rule string
---@param bufnr integer?
---@return vim.Diagnostic[]
function M.found(rule, bufnr)
  return vim.tbl_filter(function(diagnostic)
    return diagnostic.source == 'revline' and diagnostic.code == rule
  end, vim.diagnostic.get(bufnr))
end

--- Answers every question of `vim.ui.select` with the item whose text holds `part`.
---@param part string
---@return string[] prompts the questions asked, filled as they come
function M.answer_selects(part)
  local prompts = {}
  ---@diagnostic disable-next-line: duplicate-set-field
  vim.ui.select = function(items, options, on_choice)
    table.insert(prompts, options.prompt or '')
    local format = options.format_item or tostring
    for index, item in ipairs(items) do
      if format(item):find(part, 1, true) then
        return on_choice(item, index)
      end
    end
    on_choice(nil, nil)
  end
  return prompts
end

return M
