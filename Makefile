# `make` builds dist/ from the article's facts; `make test` proves it. Everything is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/pip install --disable-pip-version-check --editable
BUILD := .venv/.build-installed
DEV := .venv/.dev-installed

# Each process of the tests would compile the package again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := all
.PHONY: all test thorough check lint types format bench mutation reference help clean

all: $(BUILD) ## Check the facts and write dist/
	$(BIN)/ldnkg build

test: $(DEV) ## Run the tests; those that need a missing program are skipped with the reason
	$(BIN)/pytest -n auto --dist worksteal -m "not thorough"

thorough: $(DEV) ## Run the tests that repeat work with another engine
	$(BIN)/pytest -n auto --dist worksteal -m thorough

check: $(BUILD) ## Check the facts and write nothing
	$(BIN)/ldnkg check

lint: $(DEV) ## Check format, style and the layers of the packages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(DEV) ## Check types
	$(BIN)/mypy

format: $(DEV) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV) ## Measure speed, as ratios against yardsticks run beside
	$(BIN)/python -m bench

mutation: $(DEV) ## Measure how strong the checks are: mutants of rules, code and data, altered texts
	$(BIN)/python -m mutation

reference: $(BUILD) ## Generate docs/reference/ from the code
	PYTHONPATH=scripts $(BIN)/python -m reference

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

clean: ## Remove what was built and installed
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	git clean -fdXq dist

.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "LDN-KG needs Python 3.11 or newer: make PYTHON=python3.11"; exit 2; }
	$(PYTHON) -m venv .venv

$(BUILD): pyproject.toml | .venv
	@echo "Installing what a build needs into .venv:"
	$(INSTALL) .
	@touch $@

$(DEV): pyproject.toml | .venv
	@echo "Installing what the tests need into .venv; this takes some minutes the first time:"
	$(INSTALL) '.[dev]'
	@touch $@ $(BUILD)
