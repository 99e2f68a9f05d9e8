#!/bin/sh
# Fetches the editors that the tests of tests/editors drive, on Debian and its kin.
#
#   scripts/fetch_editors.sh            every editor
#   scripts/fetch_editors.sh helix-25   only the named ones
#
# Neovim, Helix and a newer Emacs are unpacked under .cache/editors/<name>-<version>, together with
# the C library of their own Debian suite, as a stable Debian is too old for them; <folder>/editor
# starts each. Nothing of the system changes by that. VS Code has a script of its own, fetch_vscode.sh.
# The rest (curl, tmux, Emacs with eglot and lsp-mode, Vim with ALE, patchelf, and busted, luacheck and
# LuaRocks for the plugin) are the system's own packages: with root they are installed, without it they
# are asked for. What is there already is left alone, so a second call takes no time. Whatever cannot be
# had is said on stderr, and the exit status is then 1.
set -eu
cd "$(dirname "$0")/.."
self=$PWD/scripts/fetch_editors.sh
root=$PWD/.cache/editors
failed=0

warn() { echo "fetch_editors: $*" >&2; }

# -- the system's own packages ----------------------------------------------------------------------

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

system_packages() {
  wanted=
  for program in curl tmux patchelf vim luarocks; do
    command -v $program >/dev/null || wanted="$wanted $program"
  done
  command -v busted >/dev/null || wanted="$wanted lua-busted"
  command -v luacheck >/dev/null || wanted="$wanted lua-check"
  command -v emacs >/dev/null || wanted="$wanted emacs-nox"
  [ -e $keyring ] || wanted="$wanted debian-archive-keyring"
  for package in elpa-eglot elpa-lsp-mode vim-ale; do
    dpkg -s $package >/dev/null 2>&1 || wanted="$wanted $package"
  done
  [ -n "$wanted" ] || return 0
  if [ "$(id -u)" = 0 ]; then apt-get -qq update || return 1; fi
  missing=
  for package in $wanted; do
    # From Emacs 29 on eglot is a part of Emacs, and newer suites have no package of it.
    if [ $package = elpa-eglot ] && ! apt-cache show $package >/dev/null 2>&1; then continue; fi
    missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    warn "please install$missing (this needs root)"
    return 1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >/dev/null
}

# -- packages of another suite, unpacked ------------------------------------------------------------

# works FOLDER: whether what was unpacked there still runs (a moved folder does not)
works() {
  [ -e "$1/.complete" ] && "$1/editor" --version >/dev/null 2>&1
}

# in_suite SUITE FOLDER COMMAND...: an apt command that sees that suite alone, and keeps its state there
in_suite() {
  suite=$1 state=$2/apt
  shift 2
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' |
    head -n 1)
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/parts"
  echo "deb [signed-by=$keyring] ${mirror:-http://deb.debian.org/debian} $suite main" >"$state/list"
  tool=$1
  shift
  "$tool" -qq -o Dir::Etc::SourceList="$state/list" -o Dir::Etc::SourceParts="$state/parts" \
    -o Dir::State::Lists="$state/lists" -o Dir::Cache="$state/cache" \
    -o APT::Sandbox::User=root -o Acquire::Retries=3 "$@"
}

# unpack SUITE FOLDER PACKAGE BINARY: PACKAGE and all it depends on, under FOLDER
unpack() (
  set -eu
  folder=$2
  rm -rf "$folder"
  mkdir -p "$folder/debs"
  in_suite "$1" "$folder" apt-get update >/dev/null
  in_suite "$1" "$folder" apt-cache depends --recurse --no-recommends --no-suggests \
    --no-conflicts --no-breaks --no-replaces --no-enhances "$3" |
    sed -n 's/^\([a-z0-9][^ :]*\).*/\1/p' |
    grep -v -E '^(gcc-[0-9]+-base|libc-gconv-modules-extra|debconf.*|perl.*|libperl.*|dpkg|tar)$' |
    sort -u >"$folder/packages"
  # apt-get download writes to the folder it is called in.
  (cd "$folder/debs" && in_suite "$1" "$folder" apt-get download $(cat "$folder/packages") >/dev/null)
  for deb in "$folder"/debs/*.deb; do dpkg-deb -x "$deb" "$folder"; done
  rm -rf "$folder/apt" "$folder/debs" "$folder/packages" "$folder/var" "$folder/usr/include"
  (cd "$folder/usr/share" && rm -rf doc man info locale icons bug lintian)
  loader=$(ls "$folder"/usr/lib/*-linux-gnu/ld-linux-*.so.* | head -n 1)
  # A wrapper around the loader would do as well, were it not that Neovim starts itself again by the
  # path it was started with.
  patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$(dirname "$loader")" \
    "$(readlink -f "$folder/$4")"
  case $3 in emacs*) wrap_emacs "$folder" ;; *) ln -s "$4" "$folder/editor" ;; esac
  "$folder/editor" --version >/dev/null 2>&1
  touch "$folder/.complete"
)

# wrap_emacs FOLDER: Emacs looks for its parts where its package would have put them; say where they are
wrap_emacs() {
  version=$(ls "$1/usr/share/emacs" | grep '^[0-9]')
  programs=$(ls -d "$1"/usr/libexec/emacs/"$version"/*)
  cat >"$1/editor" <<WRAPPER
#!/bin/sh
export EMACSDATA="$1/usr/share/emacs/$version/etc" EMACSDOC="$1/usr/share/emacs/$version/etc"
export EMACSLOADPATH="$1/usr/share/emacs/$version/lisp:" EMACSPATH="$programs"
exec "$1/usr/bin/emacs-nox" --dump-file="$(ls "$programs"/emacs-*.pdmp)" "\$@"
WRAPPER
  chmod +x "$1/editor"
}

# fetch NAME PACKAGE BINARY SUITE...: the first suite that works
fetch() {
  name=$1 package=$2 binary=$3
  shift 3
  works "$root/$name" && return 0
  for suite in "$@"; do
    # Called apart, as `set -e` does not reach into a condition.
    if sh -eu "$self" --unpack "$suite" "$root/$name" "$package" "$binary"; then return 0; fi
    warn "$package of Debian $suite could not be had"
  done
  rm -rf "${root:?}/$name"
  return 1
}

get() {
  case $1 in
    # apt takes one at a time, and fetch_vscode.sh has its own to install.
    system) (flock 9 && system_packages) 9<"$self" ;;
    neovim-0.10) fetch "$1" neovim usr/bin/nvim trixie ;;
    neovim-0.12) fetch "$1" neovim usr/bin/nvim forky sid ;;
    helix-25) fetch "$1" hx usr/bin/hx forky sid trixie ;;
    emacs-30) fetch "$1" emacs-nox usr/bin/emacs-nox trixie forky ;;
    vscode-1.100) sh scripts/fetch_vscode.sh ;;
    *) warn "$1 is not an editor known here" && return 1 ;;
  esac
}

if [ "${1:-}" = --unpack ]; then
  shift
  unpack "$@"
  exit
fi
if ! command -v apt-get >/dev/null; then
  warn "there is no apt-get; install Neovim, Helix, Emacs and tmux by your system's own means"
  exit 1
fi
[ $# -gt 0 ] || set -- neovim-0.10 neovim-0.12 helix-25 emacs-30 vscode-1.100
# VS Code waits for npm, the others for Debian.
vscode=
for editor in "$@"; do
  case $editor in vscode-*) get "$editor" & vscode=$! ;; esac
done
for editor in system "$@"; do
  case $editor in
    vscode-*) wait "$vscode" ;;
    *) get "$editor" ;;
  esac || { warn "$editor is missing" && failed=1; }
done
exit $failed
