-- Revline for `vim.lsp.enable('revline')` (Neovim 0.11 and later).
--
-- This file works alone: copied to `lsp/revline.lua` of your configuration it starts the server. The rest of
-- the plugin adds commands, `:checkhealth revline`, pages about rules, and the question about trust; without
-- it a folder counts as not trusted, unless `vim.g.revline_trusted` is true.

---@type table<string, true>
local by_name = { ['pyproject.toml'] = true, ['revline.toml'] = true, ['script.py.mako'] = true }

---@param bufnr integer
---@return boolean
local function concerns(bufnr)
  local name = vim.fs.basename(vim.api.nvim_buf_get_name(bufnr))
  return vim.bo[bufnr].filetype == 'python' or by_name[name] == true or vim.endswith(name, '.ini')
end

---@param root string?
---@return boolean
local function is_trusted(root)
  if vim.g.revline_trusted ~= nil then
    return vim.g.revline_trusted == true
  end
  local ok, trust = pcall(require, 'revline.trust')
  return ok and root ~= nil and trust.answer(root) == true
end

---@type vim.lsp.Config
return {
  cmd = { 'revline', 'server' },
  filetypes = { 'python', 'dosini', 'conf', 'toml', 'mako' },

  -- In the order of what decides: one server for a repository that holds several environments.
  root_markers = { 'revline.toml', '.git', 'alembic.ini', 'pyproject.toml' },

  -- A Python file outside every project starts nothing, and neither does just any TOML file.
  root_dir = function(bufnr, on_dir)
    if not concerns(bufnr) then
      return
    end
    for _, markers in ipairs(vim.lsp.config.revline.root_markers) do
      local root = vim.fs.root(bufnr, markers)
      -- A home folder kept in git is not one project.
      if root and root ~= vim.uv.os_homedir() then
        return on_dir(root)
      end
    end
  end,

  get_language_id = function(_, filetype)
    return (filetype == 'dosini' or filetype == 'conf') and 'ini' or filetype
  end,

  -- The keys of `revline.toml`, under `revline`; what stands here wins over the project's file:
  --   vim.lsp.config('revline', { settings = { revline = { targets = { 'postgresql', 'sqlite' } } } })
  settings = { revline = vim.empty_dict() },

  before_init = function(params, config)
    params.initializationOptions = {
      trusted = is_trusted(config.root_dir),
      -- Documents of the scheme `revline` are shown by the rest of the plugin.
      documents = vim.g.loaded_revline == true,
      -- So are the graph and the status.
      graph = vim.g.loaded_revline == true,
      status = vim.g.loaded_revline == true,
      settings = (config.settings or {}).revline or vim.empty_dict(),
    }
  end,
}
