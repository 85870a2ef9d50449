#!/bin/sh
# Opens a migration in a real Helix in a terminal: the diagnostic, the SQL, the merge of the heads, the SQL in a string.
# Usage: run.sh SETUP_DIR REVLINE WORKSPACE OUT
#   SETUP_DIR  what setup-helix.sh filled
#   REVLINE    the program
#   WORKSPACE  a project with two heads; it is copied, never changed
#   OUT        copies, settings and screens go here
# Exit: 0 all passed, 1 a check failed, 2 it could not be run.
set -u

[ $# -eq 4 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
absolute() { (cd "$(dirname "$1")" && printf '%s/%s\n' "$(pwd -P)" "$(basename "$1")"); }
here=$(cd "$(dirname "$0")" && pwd -P)
root=$(cd "$here/../../.." && pwd -P)
setup=$(absolute "$1")
revline=$(absolute "$2")
workspace=$(absolute "$3")
mkdir -p "$4" || exit 2
out=$(absolute "$4")
[ -x "$setup/hx" ] || { echo "no $setup/hx; run setup-helix.sh first" >&2; exit 2; }
[ -x "$revline" ] || { echo "no program at $revline" >&2; exit 2; }
command -v tmux >/dev/null || { echo "there is no tmux" >&2; exit 2; }

# The page of Helix, followed word by word: the program on PATH, the settings, the queries behind Helix's own.
config=$out/home/.config/helix
rm -rf "$out/home" "$out/shop" "$out/bin"
mkdir -p "$config/runtime/queries/python" "$out/bin"
ln -s "$revline" "$out/bin/revline"
cp "$root/editors/helix/languages.toml" "$config/"
cat "$setup/unpacked/usr/lib/hx/runtime/queries/python/injections.scm" "$root/grammars/python/injections.scm" \
    >"$config/runtime/queries/python/injections.scm"
cp -R "$workspace" "$out/shop"
(cd "$out/shop" && git init -q .)
exec timeout -k 5 120 python3 "$here/check.py" "$setup/hx" "$out"
