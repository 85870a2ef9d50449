-- Runs the check named by REVLINE_CHECK and ends Neovim: 0 when it came to its end, 1 otherwise.
package.path = vim.env.REVLINE_HARNESS .. '/?.lua;' .. package.path

local ok, err = xpcall(dofile, function(message)
  return debug.traceback(message, 2)
end, vim.env.REVLINE_CHECK)
if not ok then
  io.stderr:write(tostring(err), '\n')
  io.stderr:write('messages:\n', vim.fn.execute('messages'), '\n')
  vim.cmd('cquit 1')
end
for _, client in ipairs(vim.lsp.get_clients()) do
  client:stop()
end
vim.cmd('qall!')
