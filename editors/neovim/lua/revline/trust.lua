--- Which folders the person trusts, asked once for each and remembered outside the folder.
---
--- In a folder that is not trusted the server reads migrations and runs nothing.

local M = {}

--- The folders asked about since the start, so that an unanswered question does not come back with every buffer.
local asked = {} ---@type table<string, true>

---@return string
function M.file()
  return vim.fs.joinpath(vim.fn.stdpath('state') --[[@as string]], 'revline', 'trust.json')
end

---@return table<string, boolean>
local function load()
  local handle = io.open(M.file(), 'r')
  if not handle then
    return {}
  end
  local text = handle:read('*a')
  handle:close()
  local ok, answers = pcall(vim.json.decode, text)
  return ok and type(answers) == 'table' and answers or {}
end

--- Links are followed, so that a folder has one answer whatever way led to it.
---@param folder string
---@return string
local function key(folder)
  return vim.uv.fs_realpath(folder) or vim.fs.normalize(folder)
end

--- The remembered answer for exactly this folder; nil when it was never given.
---@param folder string
---@return boolean?
function M.answer(folder)
  local answer = load()[key(folder)]
  if type(answer) == 'boolean' then
    return answer
  end
end

---@param folder string
---@param trusted boolean? nil forgets the answer
function M.remember(folder, trusted)
  local answers = load()
  answers[key(folder)] = trusted
  local file = M.file()
  vim.fn.mkdir(vim.fs.dirname(file), 'p')
  -- Written beside and moved, so that another Neovim never reads half of it.
  local fresh = ('%s.%d'):format(file, vim.uv.os_getpid())
  local handle = assert(io.open(fresh, 'w'))
  handle:write(vim.json.encode(next(answers) and answers or vim.empty_dict()))
  handle:close()
  assert(vim.uv.fs_rename(fresh, file))
end

--- Asks about the folder if it was never asked about. `on_yes` is called when the answer is to trust it.
--- Closing the question without an answer remembers nothing; the next Neovim asks again.
---@param folder string
---@param on_yes fun()
function M.ask(folder, on_yes)
  if vim.g.revline_trusted ~= nil or asked[key(folder)] or M.answer(folder) ~= nil then
    return
  end
  asked[key(folder)] = true
  local yes = 'Trust it: Revline may run what a command of mine needs there'
  local no = 'Do not: Revline only reads its migrations'
  vim.ui.select({ yes, no }, { prompt = 'Revline: do you trust ' .. folder .. '?' }, function(choice)
    if choice == nil then
      return
    end
    M.remember(folder, choice == yes)
    if choice == yes then
      on_yes()
    end
  end)
end

return M
