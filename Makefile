# Everything needs only git, make and Python 3.11 or newer. Each target sets up what it uses.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# As many tests at a time as there are cores; ARGS=-n0 runs one after the other, as a debugger needs it.
PYTEST = pytest -n logical --dist worksteal --inline-snapshot=disable
# What scripts/fetch_node.sh fetched, where the system's Node is missing or too old.
export PATH := $(CURDIR)/.cache/nodejs/bin:$(PATH)

.PHONY: accuracy demo editors test test-editors test-vscode bench lint coverage generated clean

demo: $(VENV)/.demo
	-@scripts/fetch_model.sh
	$(BIN)/python examples/demo.py

test: $(VENV)/.dev
	-@scripts/fetch_model.sh
	$(BIN)/python -m $(PYTEST) $(ARGS)

# Every editor client in the real editor. What cannot be fetched is a failure, never a skip.
test-editors:
	$(MAKE) --no-print-directory -j2 editors $(VENV)/.dev
	$(MAKE) --no-print-directory test-vscode
	SKILLS_LSP_REQUIRE_ALL=1 $(BIN)/python -m $(PYTEST) tests/editors $(ARGS)

editors:
	scripts/fetch_editors.sh

test-vscode: $(VENV)/.dev editors/vscode/node_modules
	cd editors/vscode && npm run --silent lint && npm run --silent typecheck && npm test --silent

editors/vscode/node_modules: editors/vscode/package-lock.json
	PYTHON=$(PYTHON) scripts/fetch_node.sh
	cd editors/vscode && npm ci --ignore-scripts --loglevel=error
	touch $@

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks $(ARGS)

accuracy: $(VENV)/.dev
	$(BIN)/python -m tests.accuracy $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

coverage: $(VENV)/.dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m $(PYTEST) $(ARGS)
	$(BIN)/coverage combine
	$(BIN)/coverage report

generated: $(VENV)/.dev
	$(BIN)/python scripts/generate.py

clean:
	rm -rf $(VENV) .cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "skills-lsp needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e . pytest ruff
	touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@
