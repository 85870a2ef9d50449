#!/bin/sh
# Runs every check of this folder in a real, headless Neovim, each on its own fresh copy of the project.
# Usage: run.sh SETUP_DIR REVLINE WORKSPACE OUT
#   SETUP_DIR  what setup-neovim.sh filled
#   REVLINE    the program
#   WORKSPACE  a project with two heads; it is copied, never changed
#   OUT        copies, state and logs go here
# Exit: 0 all passed, 1 a check failed, 2 it could not be run.
set -u

[ $# -eq 4 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
absolute() { (cd "$(dirname "$1")" && printf '%s/%s\n' "$(pwd -P)" "$(basename "$1")"); }
here=$(cd "$(dirname "$0")" && pwd -P)
nvim=$(absolute "$1")/venv/bin/nvim
REVLINE_BIN=$(absolute "$2")
workspace=$(absolute "$3")
mkdir -p "$4" || exit 2
out=$(absolute "$4")
REVLINE_PLUGIN=$(cd "$here/../../../editors/neovim" && pwd -P)
REVLINE_HARNESS=$here
REVLINE_PARSERS=$(absolute "$1")/venv/lib/python3*/site-packages/tree_sitter_languages/languages.so
export REVLINE_BIN REVLINE_PLUGIN REVLINE_HARNESS REVLINE_PARSERS

[ -x "$nvim" ] || { echo "no $nvim; run setup-neovim.sh first" >&2; exit 2; }
[ -x "$REVLINE_BIN" ] || { echo "no program at $REVLINE_BIN" >&2; exit 2; }
[ -d "$workspace" ] || { echo "no folder $workspace" >&2; exit 2; }

failed=0
ran=0
for check in "$here"/checks/*.lua; do
    name=$(basename "$check" .lua)
    case " ${REVLINE_ONLY:-$name} " in *" $name "*) ;; *) continue ;; esac
    room=$out/$name
    rm -rf "$room"
    mkdir -p "$room/home" "$room/config" "$room/state" "$room/cache" "$room/data"
    cp -R "$workspace" "$room/workspace"
    ran=$((ran + 1))
    (
        cd "$room/workspace" || exit 2
        HOME=$room/home XDG_CONFIG_HOME=$room/config XDG_STATE_HOME=$room/state XDG_CACHE_HOME=$room/cache \
            XDG_DATA_HOME=$room/data REVLINE_ROOM=$room REVLINE_CHECK=$check NVIM_LOG_FILE=$room/nvim.log \
            timeout -k 5 60 "$nvim" --clean --headless -u "$here/init.lua" -c "luafile $here/main.lua"
    ) >"$room/log" 2>&1 </dev/null
    code=$?
    if [ $code -eq 0 ]; then
        echo "ok      neovim: $name"
    else
        failed=$((failed + 1))
        [ $code -eq 124 ] && echo "no end within 60 s" >>"$room/log"
        echo "FAILED  neovim: $name"
        sed 's/^/        /' "$room/log"
    fi
done
[ $ran -gt 0 ] || { echo "no such check" >&2; exit 2; }
echo "neovim: $((ran - failed)) of $ran checks passed"
[ $failed -eq 0 ]
