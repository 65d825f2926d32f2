# `make` builds dist/ from the records; `make test` runs the tests. Everything is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/pip install --disable-pip-version-check --editable
BUILD := .venv/.build-installed
DEV := .venv/.dev-installed

# Without bytecode files, each test process would compile the package again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := all
.PHONY: all test thorough check lint types format bench mutation fuzz locks reference identifiers help clean

all: $(BUILD) ## Check the records and write dist/
	$(BIN)/ldnkg build

test: $(DEV) ## Run the tests; a test that needs a missing program is skipped with the reason
	$(BIN)/pytest -n auto --dist worksteal -m "not thorough"

thorough: $(DEV) ## Run the slow tests that repeat others with further engines
	$(BIN)/pytest -n auto --dist worksteal -m thorough

check: $(BUILD) ## Check the records and write nothing
	$(BIN)/ldnkg check

lint: $(DEV) ## Check the format, the style and the layers of the code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(DEV) ## Check types
	$(BIN)/mypy

format: $(DEV) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV) ## Measure speed, also relative to reference commands
	$(BIN)/python -m bench

mutation: $(DEV) ## Measure how many mutants of rules, code, data and text the checks detect
	$(BIN)/python -m mutation

# A command of its own for each run: `make fuzz MINUTES=1 SEED=7`, or a saved case again: `make fuzz CASES=FILE`.
fuzz: $(DEV) ## Fuzz the command and the server for some minutes
	PYTHONPATH=scripts $(BIN)/python -m fuzz --minutes "$(or $(MINUTES),10)" --seed "$(SEED)" $(CASES)

locks: ## Write the lock files of CI anew
	.ci/lock

reference: $(BUILD) ## Generate docs/reference/ from the code
	PYTHONPATH=scripts $(BIN)/python -m reference

identifiers: $(DEV) ## Generate the tables of identifier forms from Bioregistry
	PYTHONPATH=scripts $(BIN)/python -m identifiers

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

clean: ## Remove built and installed files
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	git clean -fdXq dist

.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "LDN-KG needs Python 3.11 or newer: make PYTHON=python3.11"; exit 2; }
	$(PYTHON) -m venv .venv

$(BUILD): pyproject.toml | .venv
	@echo "Installing the dependencies of a build into .venv:"
	$(INSTALL) .
	@touch $@

$(DEV): pyproject.toml | .venv
	@echo "Installing the dependencies of the tests into .venv; the first time takes some minutes:"
	$(INSTALL) '.[dev]'
	@touch $@ $(BUILD)
