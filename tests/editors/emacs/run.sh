#!/bin/sh
# Opens a migration in a real Emacs without a screen: the diagnostic, the SQL, the merge of the heads.
# Usage: run.sh SETUP_DIR REVLINE WORKSPACE OUT
#   SETUP_DIR  is not looked at: Emacs and Eglot are Debian's (setup-emacs.sh)
#   WORKSPACE  a project with two heads; it is copied, never changed
# Exit: 0 passed, 1 failed, 2 it could not be run.
set -u

[ $# -eq 4 ] || { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
absolute() { (cd "$(dirname "$1")" && printf '%s/%s\n' "$(pwd -P)" "$(basename "$1")"); }
here=$(cd "$(dirname "$0")" && pwd -P)
REVLINE_BIN=$(absolute "$2")
workspace=$(absolute "$3")
mkdir -p "$4" || exit 2
out=$(absolute "$4")
command -v emacs >/dev/null || { echo "there is no emacs (Debian: apt-get install emacs-nox elpa-eglot)" >&2; exit 2; }
[ -x "$REVLINE_BIN" ] || { echo "no program at $REVLINE_BIN" >&2; exit 2; }

rm -rf "$out/shop"
cp -R "$workspace" "$out/shop"
REVLINE_WORKSPACE=$out/shop
REVLINE_EMACS=$(cd "$here/../../../editors/emacs" && pwd -P)

# The heads: the ids that no down_revision names.
versions=$out/shop/alembic/versions
ids=$(sed -n "s/^revision\b[^=]*= *['\"]\([^'\"]*\)['\"].*/\1/p" "$versions"/*.py)
heads() { for id in $ids; do grep -q "^down_revision\b.*['\"]$id['\"]" "$versions"/*.py || echo "$id"; done; }
set -- $(heads)
[ $# -eq 2 ] || { echo "the project has $# heads, not two" >&2; exit 2; }
REVLINE_HEAD=$(grep -l "^revision\b.*['\"]$1['\"]" "$versions"/*.py)
REVLINE_OTHER=$2
export REVLINE_BIN REVLINE_WORKSPACE REVLINE_EMACS REVLINE_HEAD REVLINE_OTHER

HOME=$out timeout 60 emacs -Q --batch -l "$here/check.el" >"$out/log" 2>&1
code=$?
merged=$(grep -l "^down_revision\b.*= *(['\"]$1['\"], ['\"]$2['\"])" "$versions"/*.py)
if [ $code -eq 0 ] && [ -n "$merged" ]; then
    echo "ok      emacs: the colours of SQL, the diagnostic, the SQL and the merge of the heads"
    exit 0
fi
echo "FAILED  emacs: exit $code, merge file: ${merged:-none}"
sed 's/^/        /' "$out/log" | cut -c 1-300
exit 1
