#!/bin/sh
# Installs the Emacs that the tests run: Debian's emacs-nox and elpa-eglot.
# Usage: setup-emacs.sh DIR; nothing goes into DIR. Runs again at once when all is there; says why when it cannot.
set -eu

mkdir -p "${1:?usage: setup-emacs.sh DIR}"
log=${TMPDIR:-/tmp}/setup-emacs-apt.log

why() {
    echo "setup-emacs: $1" >&2
    exit 1
}

# Emacs 29 brings Eglot; before that it is a package.
ready() {
    command -v emacs >/dev/null || return 1
    [ "$(emacs -Q --batch --eval '(princ emacs-major-version)')" -ge 29 ] || [ -d /usr/share/emacs/site-lisp/elpa-src ]
}

ready && exit 0
command -v apt-get >/dev/null || why "there is no emacs with eglot, and no apt-get to install them"
[ "$(id -u)" = 0 ] || why "there is no emacs with eglot (Debian: apt-get install emacs-nox elpa-eglot)"
{
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends emacs-nox elpa-eglot
} >"$log" 2>&1 || why "apt-get could not install emacs-nox and elpa-eglot; see $log"
ready || why "Emacs was installed and does not start"
