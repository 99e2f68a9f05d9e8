#!/bin/sh
# Fetches the VS Code that the tests of editors/vscode drive, on Debian and its kin.
#
# The npm package code-server holds VS Code's own server: workbench, extension host, settings and
# Workspace Trust as on the desktop, in a page. It is unpacked under .cache/editors/vscode-<version>,
# without a compiler and without running a script of any package. The page is Chromium's: with root it
# is installed, without it is asked for. What is there already is left alone.
set -eu
cd "$(dirname "$0")/.."
vscode=1.100
package=code-server@4.100.3 # VS Code 1.100.3, for Node 20 and newer
folder=$PWD/.cache/editors/vscode-$vscode

warn() { echo "fetch_vscode: $*" >&2; }

system_packages() {
  wanted=
  for program in chromium rg; do
    command -v $program >/dev/null && continue
    case $program in rg) wanted="$wanted ripgrep" ;; *) wanted="$wanted $program" ;; esac
  done
  [ -n "$wanted" ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    warn "please install$wanted"
    return 1
  fi
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $wanted >/dev/null
}

server() (
  rm -rf "$folder"
  mkdir -p "$folder"
  cd "$folder"
  echo '{"private": true}' >package.json
  quietly="--ignore-scripts --no-fund --no-audit --loglevel=error"
  npm install $quietly "$package" >/dev/null
  cd node_modules/code-server/lib/vscode
  npm install $quietly --omit=dev >/dev/null
  (cd extensions && npm install $quietly --omit=dev >/dev/null)
)

scripts/fetch_node.sh
PATH=$PWD/.cache/nodejs/bin:$PATH
[ -e "$folder/.complete" ] || server
# apt takes one at a time, and fetch_editors.sh, which calls this beside its own work, is another.
(flock 9 && system_packages) 9<scripts/fetch_editors.sh
[ ! -e "$folder/.complete" ] || exit 0
cd "$folder/node_modules/code-server/lib/vscode"
# Its own install script would download ripgrep, which finds files for activation and quick open.
mkdir -p node_modules/@vscode/ripgrep/bin
ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
node out/server-main.js --version >/dev/null
touch "$folder/.complete"
